import type { ChannelTraits } from "@sealcast/protocol";
import type { App } from "./app.ts";

/** How a channel keeps events that come from the HTTP API; undefined: not at all. A cache channel keeps the last one. */
export function keepOf(
  app: App,
  traits: ChannelTraits,
): { readonly count: number; readonly ttlSeconds: number } | undefined {
  return traits.cached ? { count: 1, ttlSeconds: app.cacheTtlSeconds } : undefined;
}
