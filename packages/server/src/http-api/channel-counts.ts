import { traitsOf } from "@sealcast/protocol";
import type { App } from "../core/apps/app.ts";
import type { InfoAttribute } from "../core/channels/info.ts";
import type { ChannelSummary } from "../ports/occupancy.ts";

/** Returns the requested counts of a channel that apply to its kind. */
export function countsOf(
  app: App,
  { channel, users, subscriptions }: ChannelSummary,
  info: readonly InfoAttribute[],
): Readonly<Record<string, number>> {
  const traits = traitsOf(channel);
  return {
    ...(info.includes("user_count") && traits.members ? { user_count: users } : undefined),
    ...(info.includes("subscription_count") && traits.auth !== "owner" && app.subscriptionCount
      ? { subscription_count: subscriptions }
      : undefined),
  };
}
