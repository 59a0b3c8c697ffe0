import type { OpenEndpoint } from "../../http-api/endpoint.ts";
import type { PageFiles } from "../../ports/page-files.ts";
import { consoleError } from "../console-reply.ts";

/** Nothing from elsewhere, nothing inline, and no other page may show this one. */
const pageHeaders = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  vary: "accept-encoding",
} as const;

/** A name that ends in `-` and a hash: it changes with the content. */
const nameWithHash = /-[A-Z0-9]{8}\.\w+$/;

/** Creates `GET /console` and `GET /console/assets/{name}`. */
export function createPageEndpoint(files: PageFiles): OpenEndpoint {
  return ({ request, wildcards: [name = "index.html"] }) => {
    const file = files.find(name);
    if (file === undefined) return consoleError(404, `The console has no file ${name.slice(0, 100)}`);
    const caching = nameWithHash.test(name) ? "public, max-age=31536000, immutable" : "no-cache";
    const headers = { ...pageHeaders, "cache-control": caching, "content-type": file.type, etag: file.etag };
    if (request.header("if-none-match") === file.etag) return { status: 304, headers, body: "" };
    const compressed = (request.header("accept-encoding") ?? "").includes("gzip");
    return compressed
      ? { status: 200, headers: { ...headers, "content-encoding": "gzip" }, body: file.gzip }
      : { status: 200, headers, body: file.bytes };
  };
}
