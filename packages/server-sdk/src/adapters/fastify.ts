import type { AuthHandler } from "../auth-handler/auth-handler.ts";
import { absoluteUrl, toFetchRequest } from "./node-request.ts";

/** The parts of a Fastify request that are used. */
export interface FastifyRequest {
  readonly method: string;
  readonly protocol: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
  readonly raw: AsyncIterable<Uint8Array>;
}

/** The parts of a Fastify reply that are used. */
export interface FastifyReply {
  status(code: number): unknown;
  header(name: string, value: string): unknown;
  send(body: string): unknown;
}

/** The parts of a Fastify instance that are used. */
export interface FastifyInstance {
  removeContentTypeParser(contentType: string): unknown;
  addContentTypeParser(
    contentType: string,
    options: { parseAs: "string" },
    parser: (request: unknown, body: string, done: (error: null, body: string) => void) => void,
  ): unknown;
  route(options: {
    method: string[];
    url: string;
    handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
  }): unknown;
}

/**
 * Returns a Fastify plugin with a route for an auth handler. Form parsers of the application keep working outside of it.
 *
 * @param url path of the route.
 * @example
 * ```ts
 * app.register(fastifyPlugin(createAuthHandler({ sealcast, authenticate, authorize }), "/pusher/auth"));
 * ```
 */
export function fastifyPlugin(
  handler: AuthHandler,
  url: string,
): (instance: FastifyInstance, options: unknown, done: () => void) => void {
  return (instance, _options, done) => {
    instance.removeContentTypeParser(formType);
    instance.addContentTypeParser(formType, { parseAs: "string" }, (_request, body, parsed) => parsed(null, body));
    instance.route({ method: ["POST", "OPTIONS"], url, handler: (request, reply) => answer(handler, request, reply) });
    done();
  };
}

async function answer(handler: AuthHandler, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { method, headers, body, protocol, raw } = request;
  const url = absoluteUrl(request.url, protocol, headers);
  const result = await handler(toFetchRequest({ method, url, headers, parsedBody: body, stream: raw }));
  reply.status(result.status);
  for (const [name, value] of result.headers) reply.header(name, value);
  return reply.send(await result.text());
}

const formType = "application/x-www-form-urlencoded";
