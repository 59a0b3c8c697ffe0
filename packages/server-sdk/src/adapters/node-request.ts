import { encodeParsedForm } from "./form-body.ts";

/** A request, as a framework on `node:http` represents it. */
export interface NodeRequest {
  readonly method: string;
  /** Absolute URL. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body parser's result; undefined if the body has not been read from the stream. */
  readonly parsedBody: unknown;
  readonly stream: AsyncIterable<Uint8Array>;
}

/** Converts it to a Fetch `Request`. The body is read only when it is needed. */
export function toFetchRequest({ method, url, headers, parsedBody, stream }: NodeRequest): Request {
  const init: RequestInit & { duplex: "half" } = { method, headers: toHeaders(headers), duplex: "half" };
  if (method !== "GET" && method !== "HEAD") init.body = bodyOf(parsedBody, stream);
  return new Request(url, init);
}

/** Returns the absolute URL of a request for frameworks that only have the path. HTTP/2 has no `host` header. */
export function absoluteUrl(path: string, scheme: string, headers: NodeRequest["headers"]): URL {
  const host = headers["host"] ?? headers[":authority"] ?? "localhost";
  // A path that starts with two slashes would be read as a host.
  return new URL(`${scheme}://${host.toString()}/${path.replace(/^\/+/, "")}`);
}

function toHeaders(values: NodeRequest["headers"]): Headers {
  const headers = new Headers();
  for (const [name, value = []] of Object.entries(values)) {
    // `Headers` does not accept the pseudo headers of HTTP/2.
    if (!name.startsWith(":")) for (const one of [value].flat()) headers.append(name, one);
  }
  return headers;
}

function bodyOf(parsedBody: unknown, stream: AsyncIterable<Uint8Array>): BodyInit {
  if (typeof parsedBody === "string") return parsedBody;
  if (parsedBody instanceof Uint8Array) return new Uint8Array(parsedBody);
  const isForm = typeof parsedBody === "object" && parsedBody !== null && Object.keys(parsedBody).length > 0;
  // Express 4 sets an empty object if no parser has read the body; it is still in the stream.
  if (isForm) return encodeParsedForm(parsedBody);
  const chunks = stream[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await chunks.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
  });
}
