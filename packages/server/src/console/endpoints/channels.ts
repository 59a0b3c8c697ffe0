import { decodeServerMessage } from "../decode-kept.ts";
import type { App } from "../../core/apps/app.ts";
import type { Engine } from "../../ports/engine.ts";
import type { HttpReply } from "../../ports/transport.ts";
import { parseChannelName } from "@sealcast/protocol";
import type { ChannelDetail, ChannelRow } from "../contract.ts";
import { consoleError, consoleJson } from "../console-reply.ts";

/** Most channels of one answer; a longer prefix finds the others. */
const maxChannels = 1_000;
const maxMembers = 1_000;
const maxKept = 20;

const unavailable = (): HttpReply => consoleError(503, "The engine is not available; try again");

/** Answers `GET /console/api/apps/{id}/channels?prefix=…`: the channels with the most subscriptions first. */
export async function listChannelsOf(app: App, prefix: string, engine: Pick<Engine, "channels">): Promise<HttpReply> {
  const rows: ChannelRow[] = [];
  for await (const page of engine.channels(app.id, prefix)) {
    if (page === "unavailable") return unavailable();
    for (const { channel, subscriptions, users } of page) rows.push({ name: channel, subscriptions, users });
  }
  const first = rows.toSorted((a, b) => b.subscriptions - a.subscriptions || (a.name < b.name ? -1 : 1));
  return consoleJson({ total: rows.length, rows: first.slice(0, maxChannels) });
}

/** Answers `GET /console/api/apps/{id}/channels/{name}`. */
export async function showChannelOf(
  app: App,
  subject: string,
  engine: Pick<Engine, "channel" | "members" | "history">,
): Promise<HttpReply> {
  const name = parseChannelName(subject);
  if (!name.ok) return consoleError(400, name.error.message);
  const [summary, members, history] = await Promise.all([
    engine.channel(app.id, name.value),
    engine.members(app.id, name.value),
    engine.history(app.id, name.value, { after: undefined, limit: maxKept }),
  ]);
  if (summary === "unavailable" || members === "unavailable" || history === "unavailable") return unavailable();
  const { subscriptions, users } = summary;
  const kept = history.events.map(({ message, publishedMs }) => ({
    ...decodeServerMessage(message),
    timeMs: publishedMs,
  }));
  const detail: ChannelDetail = {
    name: name.value,
    subscriptions,
    users,
    members: members.slice(0, maxMembers),
    kept,
  };
  return consoleJson(detail);
}
