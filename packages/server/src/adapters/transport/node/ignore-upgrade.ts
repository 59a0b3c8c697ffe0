import type { IncomingMessage } from "node:http";

const dropped = new Set(["upgrade", "http2-settings"]);

/**
 * The head of a request as it would be without asking for another protocol, for reading it again. Java's HTTP client asks
 * every plain server for HTTP/2 and expects that a server without it answers as usual (RFC 9110, 7.8).
 */
export function headWithoutUpgrade(request: IncomingMessage): Buffer {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`];
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index] ?? "";
    const value = request.rawHeaders[index + 1] ?? "";
    if (dropped.has(name.toLowerCase())) continue;
    lines.push(`${name}: ${name.toLowerCase() === "connection" ? withoutDropped(value) : value}`);
  }
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}

function withoutDropped(connection: string): string {
  const kept = connection.split(",").filter((token) => !dropped.has(token.trim().toLowerCase()));
  return kept.length === 0 ? "keep-alive" : kept.join(",");
}
