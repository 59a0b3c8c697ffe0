/** A form, or why it cannot be read. */
export type ReadForm =
  | { readonly ok: true; readonly fields: URLSearchParams }
  | { readonly ok: false; readonly status: 400 | 413 | 415; readonly error: string };

/** Enough for a hundred channels with the longest names. */
const maxBytes = 65_536;
const formType = "application/x-www-form-urlencoded";

/** Reads the form in the body of a request, at most 64 KiB. */
export async function readForm(request: Request): Promise<ReadForm> {
  const contentType = request.headers.get("content-type") ?? "";
  if (contentType.split(";")[0]?.trim().toLowerCase() !== formType) {
    return { ok: false, status: 415, error: `The body must be ${formType}` };
  }
  const tooLarge = { ok: false, status: 413, error: `The body is larger than ${maxBytes} bytes` } as const;
  if (Number(request.headers.get("content-length")) > maxBytes) return tooLarge;
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  const reader = request.body?.getReader();
  try {
    for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) {
      bytes += next.value.length;
      if (bytes > maxBytes) return tooLarge;
      text += decoder.decode(next.value, { stream: true });
    }
  } catch {
    return { ok: false, status: 400, error: "The body could not be read" };
  } finally {
    await reader?.cancel().catch(() => undefined);
  }
  return { ok: true, fields: new URLSearchParams(text + decoder.decode()) };
}
