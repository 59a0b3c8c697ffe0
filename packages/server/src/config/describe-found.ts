import { quote } from "@sealcast/protocol";

/** How an error message shows the value of an ordinary option. */
export function describeFound(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  return typeof value === "object" && value !== null ? "an object" : quote(value);
}

/** How an error message shows a value that is a credential, or stands where one belongs: never the value itself. */
export function describeCredential(value: unknown): string {
  if (typeof value === "string") return `text of ${value.length} characters`;
  return typeof value === "number" ? "a number" : describeFound(value);
}
