/** Padded or not, but nothing between the characters. */
const pattern = /^[A-Za-z0-9+/]+={0,2}$/;

/** Reads base64 with the decoder of the platform; undefined where the value is none, or longer than `longest`. */
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
