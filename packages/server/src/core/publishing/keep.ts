import { traitsOf, type ChannelName } from "@sealcast/protocol";
import type { App } from "../apps/app.ts";
import { historyRowOf } from "../apps/history-row.ts";

/** Who published an event. */
export type EventSource = "api" | "client";

/**
 * How a channel keeps an event; undefined: not at all. A cache channel keeps at least the last event from the HTTP API, and
 * none of clients.
 */
export function keepOf(
  app: App,
  channel: ChannelName,
  source: EventSource,
): { readonly count: number; readonly ttlSeconds: number } | undefined {
  const row = historyRowOf(app.history, channel);
  if (!traitsOf(channel).cached) return row === undefined ? undefined : { count: row.size, ttlSeconds: row.ttlSeconds };
  if (source === "client") return undefined;
  return { count: row?.size ?? 1, ttlSeconds: Math.max(app.cacheTtlSeconds, row?.ttlSeconds ?? 0) };
}
