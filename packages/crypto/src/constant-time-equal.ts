/**
 * Whether two byte strings, or two texts, are equal, in a time that depends on their length alone. Lengths are not
 * secret: different lengths are answered at once.
 */
export function constantTimeEqual(a: Uint8Array, b: Uint8Array): boolean;
export function constantTimeEqual(a: string, b: string): boolean;
export function constantTimeEqual(a: Uint8Array | string, b: Uint8Array | string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let index = 0; index < a.length; index += 1) difference |= unitAt(a, index) ^ unitAt(b, index);
  return difference === 0;
}

function unitAt(value: Uint8Array | string, index: number): number {
  return typeof value === "string" ? value.charCodeAt(index) : (value[index] ?? 0);
}
