import { largeBodyBytes } from "./body-limit.ts";

/** Length of a slice, in bytes: hashing or decoding it takes up to a millisecond. */
const sliceBytes = 64 * 1_024;

/** Returns a body in the slices that are worked on in one turn of the event loop each, or undefined if it is short. */
export function slicesOf(body: Uint8Array): readonly Uint8Array[] | undefined {
  if (body.length < largeBodyBytes) return undefined;
  return Array.from({ length: Math.ceil(body.length / sliceBytes) }, (_, index) =>
    body.subarray(index * sliceBytes, (index + 1) * sliceBytes),
  );
}
