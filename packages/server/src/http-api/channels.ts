import {
  parseChannelName,
  parseServerFrame,
  parseUserId,
  traitsOf,
  type ChannelName,
  type Problem,
} from "@sealcast/protocol";
import { engineUnavailable } from "../core/engine-unavailable.ts";
import { parseInfo, type InfoAttribute } from "../core/info.ts";
import { parameter } from "../core/query.ts";
import { countsOf } from "./publish.ts";
import type { KeptEvent } from "../ports/broker.ts";
import type { HttpReply } from "../ports/transport.ts";
import type { ApiCall, Endpoint } from "./endpoint.ts";
import { done, json, refusal } from "./reply.ts";

/** `GET /apps/{id}/channels`: the occupied channels. */
export const listChannels: Endpoint = async (call) => {
  const { app, engine, query } = call;
  const prefix = parameter(query, "filter_by_prefix") ?? "";
  const info = parseInfo(parameter(query, "info"), ["user_count", "subscription_count"]);
  if (!info.ok) return refusal(info.error);
  if (info.value.includes("user_count") && !prefix.startsWith("presence-")) {
    return invalid(
      // Spelled as the official service does.
      "user_count may only be requested for presence channels - please supply filter_by_prefix begining with presence-",
    );
  }
  const channels = new Map<ChannelName, Readonly<Record<string, number>>>();
  for await (const page of engine.channels(app.id, prefix)) {
    if (page === "unavailable") return refusal(engineUnavailable);
    for (const summary of page) channels.set(summary.channel, countsOf(app, summary, info.value));
  }
  return json({ channels: Object.fromEntries(channels) });
};

/** `GET /apps/{id}/channels/{name}`: one channel; an empty one is not an error. */
export const showChannel: Endpoint = async (call) => {
  const { app, engine } = call;
  const channel = parseChannelName(call.subject, app.maxChannelNameLength);
  if (!channel.ok) return refusal(channel.error);
  const info = parseInfo(parameter(call.query, "info"), ["user_count", "subscription_count", "cache"]);
  if (!info.ok) return refusal(info.error);
  const problem = info.value.map((attribute) => attributeProblem(call, attribute)).find((found) => found !== undefined);
  if (problem !== undefined) return refusal(problem);
  const summary = await engine.channel(app.id, channel.value);
  if (summary === "unavailable") return refusal(engineUnavailable);
  const counts = { occupied: summary.subscriptions > 0, ...countsOf(app, summary, info.value) };
  if (!info.value.includes("cache")) return json(counts);
  const history = await engine.history(app.id, channel.value, { after: undefined, limit: 1 });
  if (history === "unavailable") return refusal(engineUnavailable);
  return json({ ...counts, cache: cacheOf(history.events.at(-1)) });
};

/** `GET /apps/{id}/channels/{name}/users`: ids of the users of a presence channel. */
export const listUsers: Endpoint = async ({ app, engine, subject }) => {
  const channel = parseChannelName(subject, app.maxChannelNameLength);
  if (!channel.ok) return refusal(channel.error);
  if (!traitsOf(channel.value).members) return invalid("Users can only be retrieved for presence channels");
  const users = await engine.members(app.id, channel.value);
  if (users === "unavailable") return refusal(engineUnavailable);
  return json({ users: users.map((id) => ({ id })) });
};

/** `GET /apps/{id}/channels/{name}/stats`, deprecated. */
export const channelStats: Endpoint = async ({ app, engine, subject }) => {
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

/** `POST /apps/{id}/users/{user_id}/terminate_connections`: closes all signed-in connections of a user. */
export const terminateUser: Endpoint = async ({ app, engine, subject }) => {
  const userId = parseUserId(subject);
  if (!userId.ok) return refusal(userId.error);
  const outcome = await engine.tell({ kind: "terminate-user", app: app.id, userId: userId.value });
  return outcome === "unavailable" ? refusal(engineUnavailable) : done;
};

/** The last event of a cache channel as `info=cache` shows it: its data, and its remaining time in seconds. */
function cacheOf(event: KeptEvent | undefined): { readonly data: unknown; readonly ttl: number } | null {
  if (event === undefined) return null;
  const frame = parseServerFrame(event.message);
  return { data: frame.ok ? frame.value.data : "", ttl: Math.ceil(event.expiresInMs / 1_000) };
}

function attributeProblem({ app, subject }: ApiCall, attribute: InfoAttribute): Problem | undefined {
  const traits = traitsOf(subject);
  switch (attribute) {
    case "user_count":
      return traits.members
        ? undefined
        : invalidParameter("Cannot retrieve the user count unless the channel is a presence channel");
    case "subscription_count":
      if (!app.subscriptionCount) {
        return invalidParameter("Cannot retrieve the subscription count unless it is enabled for the app");
      }
      return traits.subscriptionCount
        ? undefined
        : invalidParameter("Cannot retrieve the subscription count of a presence or server-to-user channel");
    case "cache":
      return traits.cached
        ? undefined
        : invalidParameter("Cannot retrieve the cache unless the channel is a cache channel");
  }
}

function invalid(message: string): HttpReply {
  return refusal(invalidParameter(message));
}

function invalidParameter(message: string): Problem {
  return { id: "invalidParameter", message };
}
