import { decodeUtf8 } from "./utf8.ts";

/** The content of an opened event: its text, and the value that listeners get. */
export interface Plaintext {
  /** What was sealed. */
  readonly text: string;
  /** The parsed JSON, or the text if it is not JSON: the Python, Ruby and Go libraries send strings without quotation marks. */
  readonly value: unknown;
}

/** Decodes an opened event as the official JavaScript client does. Returns undefined if the bytes are not UTF-8. */
export function decodePlaintext(bytes: Uint8Array): Plaintext | undefined {
  const text = decodeUtf8(bytes);
  if (text === undefined) return undefined;
  try {
    return { text, value: JSON.parse(text) as unknown };
  } catch {
    return { text, value: text };
  }
}
