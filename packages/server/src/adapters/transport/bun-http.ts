import { whereOf } from "../../core/fault.ts";
import type { Log } from "../../ports/log.ts";
import type { HttpReply, OpenRequest, ReplyStream } from "../../ports/transport.ts";
import { isHttps } from "./forwarded.ts";
import { failed, tooLarge, type HttpHandler } from "./http-handler.ts";

const noBody = new Uint8Array(0);
const encoder = new TextEncoder();

/** Where a request goes and how its client came, as all handlers want to know it. */
export function readTarget({ url, headers }: Request): OpenRequest {
  const start = url.indexOf("/", url.indexOf("//") + 2);
  const end = url.indexOf("?", start);
  return {
    path: end === -1 ? url.slice(start) : url.slice(start, end),
    query: end === -1 ? "" : url.slice(end + 1),
    origin: headers.get("origin") ?? undefined,
    secure: url.startsWith("https:") || isHttps(headers.get("x-forwarded-proto") ?? undefined),
  };
}

/** Reads a request, has it handled and makes the response. */
export async function answer(request: Request, handlers: HttpHandler, log: Log): Promise<Response> {
  try {
    const body = await readBody(request, handlers.maxBodyBytes);
    if (body === undefined) return toResponse(tooLarge);
    return toResponse(await handlers.http({ method: request.method, ...readTarget(request), body }));
  } catch (error) {
    log.error("http.failed", { method: request.method, where: whereOf(error) });
    return toResponse(failed);
  }
}

/** The body, or undefined where it is longer than allowed. */
async function readBody(request: Request, maxBytes: number): Promise<Uint8Array | undefined> {
  if (request.body === null) return noBody;
  const length = request.headers.get("content-length");
  if (length === null) return readStream(request.body, maxBytes);
  return Number(length) > maxBytes ? undefined : new Uint8Array(await request.arrayBuffer());
}

async function readStream(stream: ReadableStream<Uint8Array>, maxBytes: number): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of stream) {
    bytes += part.length;
    if (bytes > maxBytes) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function toResponse({ status, headers, body, stream }: HttpReply): Response {
  if (stream === undefined) return new Response(status === 204 ? null : body, { status, headers });
  let gone: (() => void) | undefined;
  const chunks = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        if (body !== "") controller.enqueue(encoder.encode(body));
        gone = stream(streamTo(controller));
      },
      cancel: () => gone?.(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
  );
  return new Response(chunks, { status, headers });
}

function streamTo(controller: ReadableStreamDefaultController<Uint8Array>): ReplyStream {
  let ended = false;
  return {
    write(text) {
      if (!ended) controller.enqueue(encoder.encode(text));
    },
    end() {
      if (!ended) controller.close();
      ended = true;
    },
    bufferedBytes: () => -(controller.desiredSize ?? 0),
  };
}
