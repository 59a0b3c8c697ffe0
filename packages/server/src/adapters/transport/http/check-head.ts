import type { HeadCheck, HttpReply, HttpRequest, TransportHandlers } from "../../../ports/transport.ts";
import { isRelativePath } from "./path-problem.ts";

/** Bodies up to this length are read before anything is decided, in bytes: most come together with the head. */
export const shortBodyBytes = 64 * 1_024;

/** A transport that answers some requests itself. Nobody signs them. */
interface Fallback {
  answers(request: HttpRequest): boolean;
  /** Returns the reply that refuses a request because of its head, or undefined. */
  refusalBeforeBody(request: HttpRequest): HttpReply | undefined;
}

const unsigned: HeadCheck = { ok: true, isSigned: false };

/**
 * Checks the head of a request whose body may be long. Without it, strangers could make the server keep large bodies of
 * requests that it refuses in any case. The signature of a request with a short body is only checked later.
 *
 * @param request with an empty body.
 */
export function checkHead(request: HttpRequest, fallback: Fallback, handlers: TransportHandlers): HeadCheck {
  if (!mayBeLong(request)) return unsigned;
  if (isRelativePath(request.path)) return { ok: false, reply: handlers.refusal("invalidPath", request) };
  if (!fallback.answers(request)) return handlers.checkHead(request);
  const reply = fallback.refusalBeforeBody(request);
  return reply === undefined ? unsigned : { ok: false, reply };
}

function mayBeLong(request: HttpRequest): boolean {
  const length = request.header("content-length");
  return length === undefined ? request.header("transfer-encoding") !== undefined : Number(length) > shortBodyBytes;
}
