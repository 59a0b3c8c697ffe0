import type { AuthHandler } from "../auth-handler/auth-handler.ts";

/** The exports of a Next.js route file: `export const { POST, OPTIONS } = nextRoute(handler)`. */
export function nextRoute(handler: AuthHandler): { readonly POST: AuthHandler; readonly OPTIONS: AuthHandler } {
  return { POST: handler, OPTIONS: handler };
}
