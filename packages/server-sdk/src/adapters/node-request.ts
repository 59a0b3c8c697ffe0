import { encodeParsedForm } from "./form-body.ts";

/** What a framework on `node:http` knows of a request. */
export interface NodeRequest {
  readonly method: string;
  /** Absolute URL. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What a body parser made of the body; undefined where it is still in the stream. */
  readonly parsedBody: unknown;
  readonly stream: AsyncIterable<Uint8Array>;
}

/** Makes a Fetch request of it; the body is read only as far as somebody asks for it. */
export function toFetchRequest({ method, url, headers, parsedBody, stream }: NodeRequest): Request {
  const init: RequestInit & { duplex: "half" } = { method, headers: toHeaders(headers), duplex: "half" };
  if (method !== "GET" && method !== "HEAD") init.body = bodyOf(parsedBody, stream);
  return new Request(url, init);
}

/** Scheme and host as the client wrote them, for a framework that knows only the path. HTTP/2 has no `host`. */
export function absoluteUrl(path: string, scheme: string, headers: NodeRequest["headers"]): URL {
  const host = headers["host"] ?? headers[":authority"] ?? "localhost";
  // With two slashes in front a path would name a host.
  return new URL(`${scheme}://${host.toString()}/${path.replace(/^\/+/, "")}`);
}

function toHeaders(values: NodeRequest["headers"]): Headers {
  const headers = new Headers();
  for (const [name, value = []] of Object.entries(values)) {
    // Fetch refuses what HTTP/2 calls its pseudo headers.
    if (!name.startsWith(":")) for (const one of [value].flat()) headers.append(name, one);
  }
  return headers;
}

function bodyOf(parsedBody: unknown, stream: AsyncIterable<Uint8Array>): BodyInit {
  if (typeof parsedBody === "string") return parsedBody;
  if (parsedBody instanceof Uint8Array) return new Uint8Array(parsedBody);
  const isForm = typeof parsedBody === "object" && parsedBody !== null && Object.keys(parsedBody).length > 0;
  // Express 4 leaves an empty object where no parser read the body, which then is in the stream still.
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
