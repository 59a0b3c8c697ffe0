import { closest, distance } from "fastest-levenshtein";

/** Returns the name that was probably meant, or undefined if no name is close. */
export function closestProfile(found: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const nearest = closest(found, names);
  return distance(found, nearest) <= Math.max(1, Math.floor(found.length / 3)) ? nearest : undefined;
}
