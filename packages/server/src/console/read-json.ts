import { ownProperties } from "@sealcast/protocol";

const decoder = new TextDecoder("utf-8", { fatal: true });

/** The own properties of a JSON object; undefined if the bytes are anything else. */
export function readJson(bytes: Uint8Array): ReadonlyMap<string, unknown> | undefined {
  try {
    return ownProperties(JSON.parse(decoder.decode(bytes)) as unknown);
  } catch {
    return undefined;
  }
}

/** A property of text. */
export function textField(fields: ReadonlyMap<string, unknown> | undefined, name: string): string | undefined {
  const value = fields?.get(name);
  return typeof value === "string" ? value : undefined;
}
