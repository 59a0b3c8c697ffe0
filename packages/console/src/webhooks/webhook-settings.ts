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

/** The list in which one webhook has other settings, is new (`at` is undefined) or is left out (`next` is undefined). */
export function withWebhook(
  list: readonly WebhookSettings[],
  at: number | undefined,
  next: WebhookSettings | undefined,
): readonly WebhookSettings[] {
  const rest = list.map((one, index) => (index === at ? next : one)).filter((one) => one !== undefined);
  return at === undefined && next !== undefined ? [...rest, next] : rest;
}
