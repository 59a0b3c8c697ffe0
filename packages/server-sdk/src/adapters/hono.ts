import type { AuthHandler } from "../auth-handler/auth-handler.ts";

/** Mounts an auth handler in Hono: `app.all("/pusher/auth", honoHandler(handler))`. */
export function honoHandler(
  handler: AuthHandler,
): (context: { readonly req: { readonly raw: Request } }) => Promise<Response> {
  return (context) => handler(context.req.raw);
}
