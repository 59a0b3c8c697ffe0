import { closest, distance } from "fastest-levenshtein";

/** Returns the name that was probably meant, or undefined if no name is close. */
export function closestName(found: string, names: readonly string[]): string | undefined {
  if (names.length === 0 || found.length > 60) return undefined;
  const lowerCase = names.map((name) => name.toLowerCase());
  const nearest = closest(found.toLowerCase(), lowerCase);
  const tolerated = Math.min(2, Math.ceil(found.length / 3));
  if (distance(found.toLowerCase(), nearest) > tolerated) return undefined;
  return names[lowerCase.indexOf(nearest)];
}
