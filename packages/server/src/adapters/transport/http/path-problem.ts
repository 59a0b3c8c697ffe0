/** A segment `.` or `..`, also percent-encoded, or a backslash, which browsers take for a slash. */
const relative = /(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)|\\/i;

/**
 * Whether a path has dot segments or backslashes. Such paths are refused: what they lead to differs between programs, so
 * that a proxy could guard another path than the one that is reached.
 *
 * @param path as on the request line, without the query.
 */
export function isRelativePath(path: string): boolean {
  return (path.includes(".") || path.includes("\\") || path.includes("%2")) && relative.test(path);
}
