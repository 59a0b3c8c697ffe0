import type { ServerSettings } from "../settings/server-settings.ts";

// Messages wait while the engine is asked, and on Bun also while other connections use the time of a turn.

/** Most characters of the messages of one connection that wait. One message may be longer. */
export const maxWaitingLength = 1_048_576;

/** Most messages of one connection that wait: clients subscribe to all their channels at once when they connect. */
export function maxWaitingMessages(settings: Pick<ServerSettings, "maxSubscriptionsPerConnection">): number {
  return 1_000 + settings.maxSubscriptionsPerConnection;
}
