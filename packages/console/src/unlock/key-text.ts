import { decodeBase64 } from "@sealcast/crypto";

/** A master key that an operator has typed into this page. */
export interface UnlockedKey {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** From when publishers seal with it, in Unix milliseconds; undefined: from the start. */
  readonly fromMs: number | undefined;
}

/** The keys in a text, or a sentence about what is wrong with it. The sentence never holds a part of the text. */
export type KeyText =
  | { readonly ok: true; readonly keys: readonly UnlockedKey[] }
  | { readonly ok: false; readonly problem: string };

const keyBytes = 32;

/**
 * Reads master keys: one in base64 per line, or a key ring in JSON as `sealcast keys` writes it. Keys of a ring come back
 * in the order of their times.
 */
export function parseKeyText(text: string): KeyText {
  const trimmed = text.trim();
  if (trimmed === "") return problem("Expected a master key or a key ring, got nothing");
  return /^[[{]/.test(trimmed) ? parseRing(trimmed) : parseLines(trimmed);
}

function parseLines(text: string): KeyText {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  return collect(lines.map((line, index) => parseKey(line, undefined, `Line ${index + 1}`)));
}

function parseRing(text: string): KeyText {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return problem("Expected JSON of a key ring, got something that is not JSON");
  }
  const ring = Array.isArray(value) ? value : fieldOf(value, "ring");
  if (!Array.isArray(ring) || ring.length === 0) return problem('Expected an object with "ring", a list of keys');
  const keys = collect(
    ring.map((entry: unknown, index) => {
      const [key, from] = [fieldOf(entry, "key"), fieldOf(entry, "from")];
      const fromMs = from === undefined ? undefined : new Date(from as string | number).getTime();
      if (Number.isNaN(fromMs)) return `Key ${index + 1} of the ring: expected a time in "from"`;
      return parseKey(typeof key === "string" ? key : "", fromMs, `Key ${index + 1} of the ring`);
    }),
  );
  return keys.ok ? { ok: true, keys: keys.keys.toSorted((a, b) => (a.fromMs ?? 0) - (b.fromMs ?? 0)) } : keys;
}

function parseKey(text: string, fromMs: number | undefined, place: string): UnlockedKey | string {
  const key = decodeBase64(text);
  if (key === undefined) return `${place}: expected base64, got other text`;
  if (key.length === keyBytes) return { key, fromMs };
  return `${place}: expected ${keyBytes} bytes in base64, got ${key.length} bytes`;
}

function collect(results: readonly (UnlockedKey | string)[]): KeyText {
  const found = results.find((result) => typeof result === "string");
  if (found !== undefined) return problem(found);
  return { ok: true, keys: results.filter((result) => typeof result !== "string") };
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

function problem(text: string): KeyText {
  return { ok: false, problem: text };
}
