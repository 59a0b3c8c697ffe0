/**
 * Serializes a form that a framework has parsed. Parsers differ in how they name `channel_name[]`: some keep the brackets,
 * some drop them and return an array.
 */
export function encodeParsedForm(body: object): string {
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries(body)) {
    if (Array.isArray(value)) {
      for (const item of value) fields.append(name.endsWith("[]") ? name : `${name}[]`, String(item));
    } else {
      fields.append(name, String(value));
    }
  }
  return fields.toString();
}
