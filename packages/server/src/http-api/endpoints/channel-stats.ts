import { parseChannelName, traitsOf } from "@sealcast/protocol";
import { engineUnavailable } from "../../core/errors/engine-unavailable.ts";
import type { AppEndpoint } from "../endpoint.ts";
import { json, refusal } from "../reply.ts";

/** `GET /apps/{id}/channels/{name}/stats`, deprecated. */
export const channelStats: AppEndpoint = async ({ app, engine, subject }) => {
  const channel = parseChannelName(subject, app.maxChannelNameLength);
  if (!channel.ok) return refusal(channel.error);
  const summary = await engine.channel(app.id, channel.value);
  if (summary === "unavailable") return refusal(engineUnavailable);
  const { subscriptions, users } = summary;
  return json({
    occupied: subscriptions > 0,
    ...(traitsOf(channel.value).members ? { user_count: users } : undefined),
    connection_count: subscriptions,
  });
};
