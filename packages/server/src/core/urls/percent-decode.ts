/** Decodes the percent escapes of a path segment or a query value. Returns the text unchanged if an escape is broken. */
export function percentDecode(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
