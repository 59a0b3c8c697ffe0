/** The head of an HTTP request. */
export interface RequestHead {
  readonly method: string;
  /** As on the request line, with the query. */
  readonly url: string;
  /** Values by name in lower case. */
  readonly headers: Record<string, string | undefined>;
  /** Length of the head: where the body begins. */
  readonly bytes: number;
}

const headEnd = Buffer.from("\r\n\r\n");
/** Longest head that is read here, in bytes. */
const longestHead = 8_192;
/** Method, target in visible ASCII, version, and the line end: nothing that two readers could take differently (RFC 9112, 3). */
const requestLine = /^(GET|POST) (\/[!-~]*) HTTP\/1\.1\r\n/;
/** A field of letters, digits, `-` and `_`, and its value in printable ASCII: no folding, no stray line end (RFC 9112, 5). */
const fieldLine = /([\w-]+):[ \t]*([!-~](?:[ -~]*[!-~])?)?[ \t]*\r\n/y;
/** Fields that change where a request ends, or that expect an answer first. */
const special = new Set(["transfer-encoding", "trailer", "te", "expect"]);

/**
 * Reads the head of a simple request, as most are, several times faster than `node:http`. Returns undefined if the chunk
 * does not begin with a complete and simple head. `node:http` then reads it, so this function need not know how requests
 * can be wrong.
 */
export function readHead(chunk: Buffer): RequestHead | undefined {
  const end = chunk.indexOf(headEnd);
  if (end === -1 || end > longestHead) return undefined;
  const text = chunk.toString("latin1", 0, end + 2);
  const [line, method, url] = requestLine.exec(text) ?? [];
  if (line === undefined || method === undefined || url === undefined) return undefined;
  const headers = Object.create(null) as Record<string, string | undefined>;
  fieldLine.lastIndex = line.length;
  while (fieldLine.lastIndex < text.length) {
    const match = fieldLine.exec(text);
    if (match === null) return undefined;
    const name = match[1]?.toLowerCase() ?? "";
    if (special.has(name) || name in headers) return undefined;
    headers[name] = match[2] ?? "";
  }
  return headers["host"] === undefined ? undefined : { method, url, headers, bytes: end + headEnd.length };
}
