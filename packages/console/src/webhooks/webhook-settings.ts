import type { WebhookSettings } from "@sealcast/server/console";

/** Headers as text, one per line, as `Authorization: Bearer 7`. */
export function headerText(headers: WebhookSettings["headers"]): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}

/** Reads what {@link headerText} writes. Returns the first line that is not a header as a problem. */
export function parseHeaders(
  text: string,
):
  | { readonly ok: true; readonly headers: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly line: string } {
  const rows: (readonly [string, string])[] = [];
  for (const line of text.split("\n").filter((one) => one.trim() !== "")) {
    const colon = line.indexOf(":");
    if (colon < 1) return { ok: false, line };
    rows.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
  }
  return { ok: true, headers: Object.fromEntries(rows) };
}

/**
 * Returns the list in which one webhook has other settings, is new (`was` is undefined) or is left out (`next` is undefined).
 * Returns undefined if the list does not have it any more: somebody else has changed or removed it.
 *
 * @param was the settings that the operator saw. Places in the list change, and several webhooks may have one URL.
 */
export function withWebhook(
  list: readonly WebhookSettings[],
  was: WebhookSettings | undefined,
  next: WebhookSettings | undefined,
): readonly WebhookSettings[] | undefined {
  const added = next === undefined ? [] : [next];
  if (was === undefined) return [...list, ...added];
  const at = list.findIndex((one) => JSON.stringify(one) === JSON.stringify(was));
  return at === -1 ? undefined : list.toSpliced(at, 1, ...added);
}
