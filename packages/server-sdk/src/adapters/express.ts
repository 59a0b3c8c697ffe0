import type { AuthHandler } from "../auth-handler/auth-handler.ts";
import { absoluteUrl, toFetchRequest } from "./node-request.ts";

/** The parts of an Express request that are used. It is a stream of bytes unless a body parser has read it. */
export interface ExpressRequest extends AsyncIterable<Uint8Array> {
  readonly method: string;
  readonly protocol: string;
  readonly originalUrl: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body?: unknown;
}

/** The parts of an Express response that are used. */
export interface ExpressResponse {
  status(code: number): unknown;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
}

/**
 * Returns an Express handler for an auth handler. Works with and without a body parser.
 *
 * @example
 * ```ts
 * app.all("/pusher/auth", expressHandler(createAuthHandler({ sealcast, authenticate, authorize })));
 * ```
 */
export function expressHandler(
  handler: AuthHandler,
): (request: ExpressRequest, response: ExpressResponse, next: (error: unknown) => void) => Promise<void> {
  return async (request, response, next) => {
    try {
      await answer(handler, request, response);
    } catch (error) {
      next(error);
    }
  };
}

async function answer(handler: AuthHandler, request: ExpressRequest, response: ExpressResponse): Promise<void> {
  const { method, headers, body, protocol, originalUrl } = request;
  const url = absoluteUrl(originalUrl, protocol, headers);
  const result = await handler(toFetchRequest({ method, url, headers, parsedBody: body, stream: request }));
  response.status(result.status);
  for (const [name, value] of result.headers) response.setHeader(name, value);
  response.end(await result.text());
}
