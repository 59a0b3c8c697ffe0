import type { SocketId } from "@sealcast/protocol";
import type { HistoryQuery } from "../../../../ports/broker.ts";
import type { Entry, Joining, JoinOutcome, PresenceJoining } from "../../../../ports/occupancy.ts";
import type { Unavailable } from "../../../../ports/unavailable.ts";
import { Deferred } from "../deferred.ts";
import { LateRequest } from "../nodes/late-request.ts";
import type { LocalChannel, MarkedRequest } from "./local-channel.ts";
import type { Reply, Script } from "../connection/redis-connection.ts";
import type { RedisNode } from "../nodes/redis-node.ts";
import { historyArguments, listOf, numberOf, readFacts, readHistory, readRoster } from "../encoding/reply.ts";
import { encodeUser } from "../encoding/user-text.ts";
import { joinScript, leaveScript, syncScript } from "../scripts/channel-scripts.ts";

/**
 * How a node's connections are written to Redis again. "agree": other nodes know the connections that Redis lacks; those
 * that have left are announced. "restore": Redis has lost its data; it is written again without announcements, including
 * connections that have left meanwhile, so that "agree" can report them. "return": other nodes believe that all of the
 * node's connections have left; each is announced.
 */
export type SyncMode = "restore" | "agree" | "return";

/** Most missed events of one channel that are delivered after an interruption. */
const maxMissed = 1_000;

/** Changes channels in Redis for the connections of this node, and reports what each change caused. */
export class ChannelChanges {
  readonly #node: RedisNode;

  constructor(node: RedisNode) {
    this.#node = node;
  }

  /** Joins a connection; called when the gate of the channel is open. */
  async join(
    channel: LocalChannel,
    joining: Joining,
    enter: (entry: Entry) => boolean,
  ): Promise<JoinOutcome | Unavailable> {
    const { socketId, presence, history } = joining;
    const request = this.#node.nextRequest();
    const key = `${this.#node.name} ${request}`;
    let reply: Reply = null;
    const effect = new Deferred<boolean | "lost">();
    const pending: MarkedRequest = {
      answered: false,
      fail: () => effect.resolve("lost"),
      takeEffect: () => {
        const entry = entryOf(channel, joining, reply);
        if (entry.history !== undefined && !channel.position.found(entry.history.last)) {
          effect.resolve("lost");
          return;
        }
        channel.departed.delete(socketId);
        channel.sockets.set(socketId, presence);
        if (presence !== undefined && entry.roster !== undefined) {
          channel.rosterGiven(entry.roster, presence.member.userId, socketId);
        }
        const entered = enter(entry);
        this.#report(channel, request, reply);
        effect.resolve(entered);
      },
    };
    channel.expectMark(key, pending);
    try {
      const { settings } = this.#node;
      const { keys, history: kept } = this.#keysOf(channel);
      const details = [...presenceArguments(socketId, presence), String(presence?.maxMembers ?? 0)];
      const args = [
        ...this.#argumentsOf(channel, request),
        ...details,
        ...historyArguments(history, settings.randomText),
      ];
      reply = await this.#node.connection.run(joinScript, [...keys, ...kept], args);
    } catch (error) {
      channel.dropMark(key, pending);
      this.#needsSync(channel, error);
      return "unavailable";
    }
    if (reply === "full" || reply === "late") {
      channel.dropMark(key, pending);
      if (reply === "full") return "full";
      this.#needsSync(channel, new LateRequest());
      return "unavailable";
    }
    channel.answeredTo(pending);
    const outcome = await effect.promise;
    if (outcome === "lost") {
      channel.dropMark(key, pending);
      this.#needsSync(channel, "Messages of a channel were missed");
      return "unavailable";
    }
    if (!outcome) await this.leave(channel, socketId);
    return outcome ? "entered" : "left";
  }

  /** Takes a connection off; called when the gate of the channel is open. */
  async leave(channel: LocalChannel, socketId: SocketId): Promise<void> {
    if (!channel.sockets.has(socketId)) return;
    const presence = channel.sockets.get(socketId);
    channel.sockets.delete(socketId);
    channel.departed.set(socketId, presence);
    if (channel.sockets.size === 0) channel.members.forget();
    if (!this.#node.isReady()) {
      channel.isDirty = true;
      this.#node.needsSync();
      return;
    }
    try {
      await this.#change(channel, leaveScript, [presence === undefined ? "" : socketId]);
      channel.departed.delete(socketId);
    } catch (error) {
      this.#needsSync(channel, error);
    }
  }

  /** Makes Redis agree with what this node holds of a channel. Rejects if that fails. */
  synchronize(channel: LocalChannel, mode: SyncMode): Promise<void> {
    return channel.gate.exclusively(async () => {
      const { dirtied } = channel;
      await this.#node.buckets.use(channel.bucket);
      const departed = [...channel.departed];
      const restored = mode === "restore" ? departed : [];
      const args = [
        mode,
        String(channel.sockets.size),
        String(restored.length),
        ...historyArguments(missedBy(channel, mode), this.#node.settings.randomText),
        ...[...channel.sockets, ...restored].flatMap(connectionArguments),
      ];
      if (mode === "restore") await this.#change(channel, syncScript, args);
      else await this.#agree(channel, args);
      if (mode === "restore") return;
      for (const [socketId] of departed) channel.departed.delete(socketId);
      // Otherwise the node has got another name meanwhile, or Redis has lost its data: what was written may not be there.
      if (channel.dirtied === dirtied) channel.isDirty = false;
    });
  }

  /** Synchronizes, and announces to the subscribers of this node what they have missed, in the order of messages. */
  async #agree(channel: LocalChannel, args: readonly string[]): Promise<void> {
    const key = `${this.#node.name} ${this.#node.lastRequest + 1}`;
    const arrived = new Deferred<boolean>();
    let reply: Reply = null;
    const request: MarkedRequest = {
      answered: false,
      fail: () => arrived.resolve(false),
      takeEffect: () => {
        channel.announceMissed(readRoster(listOf(reply)[2]));
        if (channel.position.last !== undefined) channel.catchUp(readHistory(listOf(reply)[3]));
        arrived.resolve(true);
      },
    };
    channel.expectMark(key, request);
    try {
      reply = await this.#change(channel, syncScript, args);
    } catch (error) {
      channel.dropMark(key, request);
      throw error;
    }
    channel.answeredTo(request);
    if (!(await arrived.promise)) throw new Error("Messages of a channel do not arrive");
  }

  async #change(channel: LocalChannel, script: Script, args: readonly string[]): Promise<Reply> {
    const request = this.#node.nextRequest();
    const all = [...this.#argumentsOf(channel, request), ...args];
    const { keys, history } = this.#keysOf(channel);
    const reply = await this.#node.connection.run(script, [...keys, ...history], all);
    if (reply === "late") throw new LateRequest();
    this.#report(channel, request, reply);
    return reply;
  }

  #needsSync(channel: LocalChannel, error: unknown): void {
    channel.isDirty = true;
    this.#node.report("engine.request_failed", error);
    this.#node.needsSync();
  }

  #report(channel: LocalChannel, request: number, reply: Reply): void {
    const [connections, facts] = listOf(reply);
    const { answered } = channel;
    channel.answered = Math.max(answered, request);
    for (const fact of readFacts(channel.name, numberOf(connections), listOf(facts), answered)) {
      this.#node.events?.changed(channel.app, fact);
    }
  }

  #keysOf({ bucket, name }: LocalChannel): ReturnType<RedisNode["keys"]["channel"]> {
    return this.#node.keys.channel(bucket, name, this.#node.name);
  }

  #argumentsOf({ bucket, name, answered }: LocalChannel, request: number): readonly string[] {
    const { connection, keys, name: node } = this.#node;
    return [connection.publishCommand, keys.topic(bucket, name), name, node, String(request), String(answered)];
  }
}

/** Which kept events a synchronization asks for. */
function missedBy({ position }: LocalChannel, mode: SyncMode): HistoryQuery | undefined {
  if (position.last === undefined || mode === "restore") return undefined;
  return { after: position.last, limit: maxMissed };
}

function entryOf({ members }: LocalChannel, { presence, history }: Joining, reply: Reply): Entry {
  const [connections, , roster, kept] = listOf(reply);
  return {
    subscriptions: numberOf(connections),
    roster: presence === undefined ? undefined : members.reuse(readRoster(roster)),
    history: history === undefined ? undefined : readHistory(kept),
  };
}

function presenceArguments(socketId: SocketId, presence: PresenceJoining | undefined): readonly string[] {
  const { userId = "", userInfo = "" } = presence?.member ?? {};
  return [socketId, encodeUser(userId), userInfo, presence?.arrival ?? "", presence?.departure ?? ""];
}

/** Connections are named on presence channels; on others they are only counted. */
function connectionArguments([socketId, presence]: readonly [
  SocketId,
  PresenceJoining | undefined,
]): readonly string[] {
  return presence === undefined ? [] : presenceArguments(socketId, presence);
}
