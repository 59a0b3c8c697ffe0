import { traitsOf, type AppId, type ChannelName } from "@sealcast/protocol";
import type { Reply } from "../connection/redis-connection.ts";
import { appOf } from "../encoding/keys.ts";
import { heldChannels } from "./held-channels.ts";
import type { RedisNode } from "./redis-node.ts";
import { historyArguments, listOf, numberOf, readFacts, textOf } from "../encoding/reply.ts";
import { reapScript, syncScript } from "../scripts/channel-scripts.ts";
import {
  bucketsScript,
  endScript,
  extendClaimScript,
  raiseFenceScript,
  removeScript,
} from "../scripts/lease-scripts.ts";
import { syncQuotaScript } from "../scripts/quota-scripts.ts";
import { signOutScript, usersOfNodeScript } from "../scripts/user-scripts.ts";

/** Higher than the number of any request of the dead node: what still arrives from it is refused. */
const lastRequest = "99999999999999";
/** The dead node has reported all facts that it could report. */
const allAnswered = String(Number.MAX_SAFE_INTEGER);
/** Connections of a presence channel that are removed at a time, about. */
const sliceSize = "100";

/**
 * Removes what a dead node held, as if its connections had left: in slices of at most 100 channels, about 100 connections of a
 * presence channel, or 500 users, so that neither Redis nor this process is busy for long.
 */
export async function cleanUpAfter(dead: string, node: RedisNode): Promise<void> {
  const { connection, keys, settings, events } = node;
  // How long other nodes leave this to us after each slice.
  const claimMs = String(settings.leaseMs * 3);
  const extend = (): Promise<unknown> => connection.run(extendClaimScript, keys.nodes, [dead, claimMs]);
  do {
    const buckets = listOf(await connection.run(bucketsScript, [keys.bucketsOf(dead)], [])).map(textOf);
    for (const bucket of buckets) {
      await giveUp(bucket);
      await connection.run(removeScript, [keys.nodesUsing(bucket)], [dead]);
      await connection.run(removeScript, [keys.bucketsOf(dead)], [bucket]);
    }
  } while ((await connection.run(endScript, [keys.bucketsOf(dead), ...keys.nodes], [dead])) !== 1);

  async function giveUp(bucket: string): Promise<void> {
    const app = appOf(bucket);
    if (bucket.endsWith("/users")) await signOutAll(app);
    else if (bucket.endsWith("/connections")) await releaseAll(app);
    else await leaveAll(app, bucket);
  }

  async function leaveAll(app: AppId, bucket: string): Promise<void> {
    await connection.run(raiseFenceScript, [keys.fenceOf(bucket, dead)], [lastRequest]);
    for await (const channels of heldChannels(bucket, dead, node)) {
      await Promise.all(channels.map((channel) => leave(app, bucket, channel)));
      await extend();
    }
  }

  async function leave(app: AppId, bucket: string, channel: ChannelName): Promise<void> {
    const names = keys.channel(bucket, channel, dead);
    const topic = keys.topic(bucket, channel);
    const request = [connection.publishCommand, topic, channel, dead, lastRequest, allAnswered];
    const all = [...names.keys, ...names.history];
    if (traitsOf(channel).members) await reap(app, channel, all, request);
    const args = [...request, "agree", "0", "0", ...historyArguments(undefined, settings.randomText)];
    const [connections, facts] = listOf(await connection.run(syncScript, all, args));
    report(app, channel, connections, facts);
  }

  /** Removes the connections from a presence channel, except what the next synchronization removes. */
  async function reap(
    app: AppId,
    channel: ChannelName,
    names: readonly string[],
    request: readonly string[],
  ): Promise<void> {
    let cursor = "0";
    do {
      const reply = await connection.run(reapScript, names, [...request, cursor, sliceSize]);
      const [next, connections, facts] = listOf(reply);
      report(app, channel, connections, facts);
      cursor = textOf(next);
      if (cursor !== "0") await extend();
    } while (cursor !== "0");
  }

  function report(app: AppId, channel: ChannelName, connections: Reply | undefined, facts: Reply | undefined): void {
    for (const fact of readFacts(channel, numberOf(connections), listOf(facts), 0)) events?.changed(app, fact);
  }

  async function releaseAll(app: AppId): Promise<void> {
    const names = keys.quota(app, dead);
    await connection.run(raiseFenceScript, [names[1]], [lastRequest]);
    await connection.run(syncQuotaScript, names, [lastRequest, dead, "0"]);
  }

  async function signOutAll(app: AppId): Promise<void> {
    const [nodes, own, fence, data] = keys.users(app, dead);
    await connection.run(raiseFenceScript, [fence], [lastRequest]);
    for (;;) {
      const users = listOf(await connection.run(usersOfNodeScript, [own], [])).map(textOf);
      if (users.length === 0) return;
      await connection.run(signOutScript, [nodes, own, fence, data], [lastRequest, keys.all, app, ...users]);
      await extend();
    }
  }
}
