import type { AuthHandler } from "../auth-handler/auth-handler.ts";

/**
 * Returns the exports of a Next.js route file, such as `app/pusher/auth/route.ts`.
 *
 * @example
 * ```ts
 * export const { POST, OPTIONS } = nextRoute(createAuthHandler({ sealcast, authenticate, authorize }));
 * ```
 */
export function nextRoute(handler: AuthHandler): { readonly POST: AuthHandler; readonly OPTIONS: AuthHandler } {
  return { POST: handler, OPTIONS: handler };
}
