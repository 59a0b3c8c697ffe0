/**
 * Returns true if a page of this origin may connect.
 *
 * @param allowed origins in canonical form; a first label of `*` stands for exactly one label. Empty: all origins.
 * @param origin the `Origin` header; undefined for clients that are no browsers, which always pass.
 */
export function isOriginAllowed(allowed: readonly string[], origin: string | undefined): boolean {
  if (allowed.length === 0 || origin === undefined || allowed.includes(origin)) return true;
  const canonical = withoutDefaultPort(origin.toLowerCase());
  return allowed.some((entry) => entry === canonical || matchesWildcard(entry, canonical));
}

function withoutDefaultPort(origin: string): string {
  return origin.replace(/^(http:\/\/[^/]+):80$|^(https:\/\/[^/]+):443$/, "$1$2");
}

function matchesWildcard(entry: string, origin: string): boolean {
  const [start, end] = entry.split("*");
  if (start === undefined || end === undefined || !origin.startsWith(start) || !origin.endsWith(end)) return false;
  return /^[^./:@]+$/.test(origin.slice(start.length, origin.length - end.length));
}
