import type { HttpReply, HttpRequest, TransportHandlers } from "../../../ports/transport.ts";
import { isRelativePath } from "./path-problem.ts";

/** Bodies up to this length are read before anything is decided, in bytes: most come together with the head. */
export const shortBodyBytes = 64 * 1_024;

/** A transport that answers some requests itself. */
interface Fallback extends Pick<TransportHandlers, "refusalBeforeBody"> {
  answers(request: HttpRequest): boolean;
}

/**
 * Returns the reply that refuses a request because of its head, or undefined. Without it, strangers could make the server
 * keep large bodies of requests that it refuses in any case.
 *
 * @param request with an empty body.
 */
export function refusalBeforeBody(
  request: HttpRequest,
  fallback: Fallback,
  handlers: TransportHandlers,
): HttpReply | undefined {
  if (!mayBeLong(request)) return undefined;
  if (isRelativePath(request.path)) return handlers.refusal("invalidPath", request);
  return (fallback.answers(request) ? fallback : handlers).refusalBeforeBody(request);
}

function mayBeLong(request: HttpRequest): boolean {
  const length = request.header("content-length");
  return length === undefined ? request.header("transfer-encoding") !== undefined : Number(length) > shortBodyBytes;
}
