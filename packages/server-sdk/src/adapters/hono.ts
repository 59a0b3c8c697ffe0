import type { AuthHandler } from "../auth-handler/auth-handler.ts";

/**
 * Returns a Hono handler for an auth handler.
 *
 * @example
 * ```ts
 * app.all("/pusher/auth", honoHandler(createAuthHandler({ sealcast, authenticate, authorize })));
 * ```
 */
export function honoHandler(
  handler: AuthHandler,
): (context: { readonly req: { readonly raw: Request } }) => Promise<Response> {
  return (context) => handler(context.req.raw);
}
