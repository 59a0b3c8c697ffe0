import type { Random } from "../ports/random.ts";

/** A new id of an app: digits, for the official Python library. */
export function newAppId(random: Random): string {
  return String(100_000_000 + random.below(900_000_000));
}

/** A new key of an app. */
export function newKey(random: Random): string {
  return hex(random, 20);
}

/** A new secret of 256 bits. */
export function newSecret(random: Random): string {
  return hex(random, 64);
}

function hex(random: Random, digits: number): string {
  return Array.from({ length: digits }, () => random.below(16).toString(16)).join("");
}
