/**
 * A form that a framework has parsed already, as a form again. Parsers differ in what they make of `channel_name[]`: some
 * keep the brackets, some drop them for an array.
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
