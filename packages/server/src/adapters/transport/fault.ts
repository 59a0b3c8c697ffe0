/**
 * Kind and place of an unexpected error, for the log. Not its message: those of JSON and validation errors quote their
 * input, which may be a payload.
 */
export function whereOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const place = error.stack?.split("\n").find((line) => /^\s+at /.test(line));
  return `${error.name}${place === undefined ? "" : ` ${place.trim()}`}`;
}
