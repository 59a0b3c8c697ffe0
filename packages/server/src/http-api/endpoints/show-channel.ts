import { parseChannelName, parseServerFrame, traitsOf } from "@sealcast/protocol";
import { engineUnavailable } from "../../core/errors/engine-unavailable.ts";
import { parseInfo, type InfoAttribute } from "../../core/channels/info.ts";
import { parameter } from "../../core/urls/query.ts";
import type { KeptEvent } from "../../ports/broker.ts";
import { countsOf } from "../channel-counts.ts";
import type { AppCall, AppEndpoint } from "../endpoint.ts";
import { invalidParameter, json, refusal } from "../reply.ts";

/** `GET /apps/{id}/channels/{name}`: one channel; an empty one is not an error. */
export const showChannel: AppEndpoint = async (call) => {
  const { app, engine } = call;
  const channel = parseChannelName(call.subject, app.maxChannelNameLength);
  if (!channel.ok) return refusal(channel.error);
  const info = parseInfo(parameter(call.query, "info"), ["user_count", "subscription_count", "cache", "position"]);
  if (!info.ok) return refusal(info.error);
  const problem = info.value.map((attribute) => attributeProblem(call, attribute)).find((found) => found !== undefined);
  if (problem !== undefined) return invalidParameter(problem);
  const summary = await engine.channel(app.id, channel.value);
  if (summary === "unavailable") return refusal(engineUnavailable);
  const counts = { occupied: summary.subscriptions > 0, ...countsOf(app, summary, info.value) };
  const wants = (attribute: InfoAttribute): boolean => info.value.includes(attribute);
  if (!wants("cache") && !wants("position")) return json(counts);
  const history = await engine.history(app.id, channel.value, { after: undefined, limit: 1 });
  if (history === "unavailable") return refusal(engineUnavailable);
  return json({
    ...counts,
    ...(wants("cache") ? { cache: cacheOf(history.events.at(-1)) } : undefined),
    ...(wants("position") ? { position: history.last ?? null } : undefined),
  });
};

/** The last event of a cache channel as `info=cache` shows it: its data, and its remaining time in seconds. */
function cacheOf(event: KeptEvent | undefined): { readonly data: unknown; readonly ttl: number } | null {
  if (event === undefined) return null;
  const frame = parseServerFrame(event.message);
  return { data: frame.ok ? frame.value.data : "", ttl: Math.ceil(event.expiresInMs / 1_000) };
}

/** Why an attribute does not apply to the channel, or undefined if it does. */
function attributeProblem({ app, subject }: AppCall, attribute: InfoAttribute): string | undefined {
  const traits = traitsOf(subject);
  switch (attribute) {
    case "user_count":
      return traits.members ? undefined : "Cannot retrieve the user count unless the channel is a presence channel";
    case "subscription_count":
      if (!app.subscriptionCount) {
        return "Cannot retrieve the subscription count unless it is enabled for the app";
      }
      return traits.auth === "owner" ? "Cannot retrieve the subscription count of a server-to-user channel" : undefined;
    case "cache":
      return traits.cached ? undefined : "Cannot retrieve the cache unless the channel is a cache channel";
    case "position":
      return undefined;
  }
}
