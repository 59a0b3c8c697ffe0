/** With or without padding, and nothing between the characters. */
const pattern = /^[A-Za-z0-9+/]+={0,2}$/;

/** Decodes base64 with `atob`. Returns undefined if the value is not base64, or longer than `longest` characters. */
export function decodeBase64(value: unknown, longest: number): Uint8Array | undefined {
  if (typeof value !== "string" || value.length > longest || !pattern.test(value)) return undefined;
  try {
    const binary = atob(value);
    const bytes = new Uint8Array(binary.length);
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = binary.charCodeAt(index);
    return bytes;
  } catch {
    return undefined;
  }
}
