import { fail, ok, quote, type Parsed } from "./parsed.ts";

/** A checked socket id: two numbers joined by a dot, unique among the live connections of a cluster. */
export type SocketId = string & { readonly __brand: "SocketId" };

/**
 * Checks a socket id. Fails with `invalidSocketId`. Source: the pattern that all official libraries check.
 *
 * @example
 * parseSocketId("123.456").ok; // true
 */
export function parseSocketId(value: unknown): Parsed<SocketId> {
  if (typeof value === "string" && /^\d{1,20}\.\d{1,20}$/.test(value)) return ok(value as SocketId);
  return fail("invalidSocketId", `Invalid socket id ${quote(value)}: expected two numbers joined by a dot`);
}

/** Returns the socket id of two random whole numbers, each of at most 20 digits. */
export function socketIdOf(first: number, second: number): SocketId {
  return `${first}.${second}` as SocketId;
}
