import type { ChannelName } from "@sealcast/protocol";
import { engineUnavailable } from "../../core/engine-unavailable.ts";
import { parseInfo } from "../../core/info.ts";
import { parameter } from "../../core/query.ts";
import { countsOf } from "../channel-counts.ts";
import type { AppEndpoint } from "../endpoint.ts";
import { invalidParameter, json, refusal } from "../reply.ts";

/** `GET /apps/{id}/channels`: the occupied channels. */
export const listChannels: AppEndpoint = async (call) => {
  const { app, engine, query } = call;
  const prefix = parameter(query, "filter_by_prefix") ?? "";
  const info = parseInfo(parameter(query, "info"), ["user_count", "subscription_count"]);
  if (!info.ok) return refusal(info.error);
  if (info.value.includes("user_count") && !prefix.startsWith("presence-")) {
    return invalidParameter(
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
