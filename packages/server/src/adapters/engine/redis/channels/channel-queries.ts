import { traitsOf, type AppId, type ChannelName } from "@sealcast/protocol";
import type { History, HistoryQuery } from "../../../../ports/broker.ts";
import type { ChannelSummary } from "../../../../ports/occupancy.ts";
import type { Unavailable } from "../../../../ports/unavailable.ts";
import { bucketOf, bucketsOfApp } from "../encoding/keys.ts";
import type { Reply, Script } from "../connection/redis-connection.ts";
import type { RedisNode } from "../nodes/redis-node.ts";
import { historyArguments, listOf, readHistory, textOf } from "../encoding/reply.ts";
import { decodeUser } from "../encoding/user-text.ts";
import { channelScript, historyScript, indexScript } from "../scripts/channel-scripts.ts";

/** Reads channels of all nodes from Redis. */
export class ChannelQueries {
  readonly #node: RedisNode;

  constructor(node: RedisNode) {
    this.#node = node;
  }

  async history(app: AppId, channel: ChannelName, query: HistoryQuery): Promise<History | Unavailable> {
    const { keys, name, settings } = this.#node;
    const bucket = bucketOf(app, channel);
    const { history } = keys.channel(bucket, channel, name);
    const reply = await this.#ask(bucket, historyScript, history, historyArguments(query, settings.randomText));
    return reply === "unavailable" ? reply : readHistory(reply);
  }

  async *channels(app: AppId, prefix: string): AsyncGenerator<readonly ChannelSummary[] | Unavailable> {
    for (const bucket of bucketsOfApp(app)) {
      const seen = new Set<string>();
      let cursor = "0";
      do {
        const reply = await this.#ask(bucket, indexScript, [this.#node.keys.index(bucket)], [cursor]);
        if (reply === "unavailable") {
          yield reply;
          return;
        }
        const [next, entries] = listOf(reply);
        cursor = textOf(next);
        yield readIndex(listOf(entries), prefix, seen);
      } while (cursor !== "0");
    }
  }

  async channel(app: AppId, channel: ChannelName): Promise<ChannelSummary | Unavailable> {
    const reply = await this.#askChannel(app, channel, false);
    return reply === "unavailable" ? reply : summaryOf(channel, textOf(reply[0]));
  }

  async members(app: AppId, channel: ChannelName): Promise<readonly string[] | Unavailable> {
    const reply = await this.#askChannel(app, channel, true);
    return reply === "unavailable" ? reply : listOf(reply[1]).map((user) => decodeUser(textOf(user)));
  }

  async #askChannel(app: AppId, channel: ChannelName, wantsMembers: boolean): Promise<readonly Reply[] | Unavailable> {
    const { keys, name } = this.#node;
    const bucket = bucketOf(app, channel);
    const [, , , , , order = ""] = keys.channel(bucket, channel, name).keys;
    const args = [channel, wantsMembers ? "1" : "0"];
    const reply = await this.#ask(bucket, channelScript, [keys.index(bucket), order], args);
    return reply === "unavailable" ? reply : listOf(reply);
  }

  /** @param bucket is in use: its data is marked before, and nodes are found in it that have ended. */
  async #ask(bucket: string, script: Script, keys: readonly string[], args: readonly string[]): Promise<Reply> {
    try {
      await this.#node.buckets.use(bucket);
      return await this.#node.connection.run(script, keys, args);
    } catch (error) {
      this.#node.report("engine.request_failed", error);
      return "unavailable";
    }
  }
}

/** HSCAN may return an entry twice. */
function readIndex(entries: readonly Reply[], prefix: string, seen: Set<string>): ChannelSummary[] {
  const page: ChannelSummary[] = [];
  for (let at = 0; at + 1 < entries.length; at += 2) {
    const name = textOf(entries[at]) as ChannelName;
    if (!name.startsWith(prefix) || traitsOf(name).auth === "owner" || seen.has(name)) continue;
    seen.add(name);
    page.push(summaryOf(name, textOf(entries[at + 1])));
  }
  return page;
}

function summaryOf(channel: ChannelName, counts: string): ChannelSummary {
  const [subscriptions = "", users = ""] = counts.split(" ");
  return { channel, subscriptions: Number(subscriptions), users: Number(users) };
}
