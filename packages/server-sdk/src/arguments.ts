import { typeName } from "./option-names.ts";
import { SealcastError } from "./sealcast-error.ts";

/*
 * Checks of arguments, whatever their types: JavaScript applications are not type-checked. Messages name the type of a wrong
 * value and never the value, which may be a payload or a secret.
 */

/** Returns the error of an argument that is not valid. */
export function invalid(message: string, details: { readonly cause?: unknown } = {}): SealcastError {
  return new SealcastError("invalid-argument", message, details);
}

/** Returns the error of an argument of the wrong type. */
export function wrongType(name: string, expected: string, found: unknown): SealcastError {
  return invalid(`Invalid ${name}: expected ${expected}, got ${typeName(found)}`);
}

/** Checks that an argument is a list. */
export function checkList(name: string, expected: string, value: unknown): asserts value is readonly unknown[] {
  if (!Array.isArray(value)) throw wrongType(name, expected, value);
}

/** Checks that an argument is an object, and no list. */
export function checkObject(name: string, expected: string, value: unknown): asserts value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrongType(name, expected, value);
}

/** Checks the names of what to return: a list of some of `allowed`. */
export function checkInfo(info: unknown, allowed: readonly string[]): void {
  const names = allowed.map((name) => `"${name}"`);
  const expected = `a list of ${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
  checkList("info", expected, info);
  const unknown = info.find((name) => typeof name !== "string" || !allowed.includes(name));
  if (unknown !== undefined || info.includes(undefined)) throw invalid(`Invalid info: expected ${expected}`);
}

/** Checks a path below `/apps/{id}`. */
export function checkPath(path: unknown): void {
  if (typeof path !== "string") throw wrongType("path", 'a text that starts with "/"', path);
  if (!path.startsWith("/")) throw invalid('Invalid path: expected a text that starts with "/"');
}

/** Checks a value that has to be encoded as JSON. */
export function checkJsonValue(name: string, value: unknown): void {
  const type = typeof value;
  if (type === "undefined" || type === "function" || type === "symbol") throw wrongType(name, "a JSON value", value);
}

/**
 * Returns a value as JSON; undefined for a value that JSON leaves out, such as a function.
 *
 * @throws {SealcastError} `invalid-argument` with the error of `JSON.stringify` as its cause.
 */
export function encodeJson(name: string, value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw invalid(`Invalid ${name}: expected a JSON value, but it cannot be encoded as JSON`, { cause });
  }
}
