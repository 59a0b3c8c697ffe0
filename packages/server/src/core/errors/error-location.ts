/**
 * Kind and place of an unexpected error, for the log. Not its message: those of JSON and validation errors quote their
 * input, which may be a payload.
 */
export function errorLocation(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  // The stack begins with the message, which may look like a place.
  const frames = error.stack?.replace(error.message, "").split("\n");
  const place = frames?.find((line) => /^\s+at /.test(line));
  return `${error.name}${place === undefined ? "" : ` ${place.trim()}`}`;
}
