/**
 * Returns an entry of `allowedOrigins` as browsers send it: in lower case, with punycode, without the default port.
 * Returns undefined for an entry that no origin can match, such as one with a path.
 *
 * @example canonicalOrigin("https://Example.com:443") // "https://example.com"
 */
export function canonicalOrigin(entry: string): string | undefined {
  if (entry === "null") return entry;
  const [, scheme = "", host = ""] = /^([a-z][a-z\d+.-]*):\/\/([^/?#@\s]*)\/?$/i.exec(entry) ?? [];
  const lowerScheme = scheme.toLowerCase();
  if (lowerScheme === "http" || lowerScheme === "https") return webOrigin(lowerScheme, host);
  return isAppScheme(lowerScheme) && !host.includes("*") ? `${lowerScheme}://${host.toLowerCase()}` : undefined;
}

/** Apps that show their pages in a browser of their own, such as `capacitor://localhost`, have other schemes. */
function isAppScheme(scheme: string): boolean {
  return scheme !== "" && !["ws", "wss", "ftp", "blob", "data", "javascript"].includes(scheme);
}

function webOrigin(scheme: "http" | "https", host: string): string | undefined {
  const isWildcard = host.startsWith("*.");
  const named = isWildcard ? host.slice(2) : host;
  // A star for all domains below a top level is a mistake; `localhost` has no other label.
  if (named.includes("*") || (isWildcard && !named.includes(".") && !/^localhost(:|$)/i.test(named))) return undefined;
  if (!URL.canParse(`${scheme}://${named}`)) return undefined;
  const { origin } = new URL(`${scheme}://${named}`);
  return isWildcard ? origin.replace("://", "://*.") : origin;
}
