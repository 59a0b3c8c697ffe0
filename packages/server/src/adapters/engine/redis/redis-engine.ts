import { traitsOf, type AppId, type ChannelName, type SocketId, type UserId } from "@sealcast/protocol";
import type { History, HistoryQuery, Position, Publication } from "../../../ports/broker.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Engine, EngineEvents, EngineStatus } from "../../../ports/engine.ts";
import type { NodeMessage } from "../../../ports/node-link.ts";
import type { ChannelSummary, Entry, Joining, JoinOutcome } from "../../../ports/occupancy.ts";
import type { Unavailable } from "../../../ports/unavailable.ts";
import { cleanUpAfter } from "./cleanup.ts";
import { bucketOf, bucketsOfApp, Keys } from "./keys.ts";
import { Lease } from "./lease.ts";
import { LocalChannel, type PendingJoin } from "./local-channel.ts";
import { LocalUsers } from "./local-users.ts";
import { decodeChannelPayload, encodeMessage } from "./payload.ts";
import type { RedisConnection, Reply } from "./redis-connection.ts";
import { historyArguments, listOf, numberOf, positionOf, readFacts, readHistory, readRoster, textOf } from "./reply.ts";
import {
  channelScript,
  historyScript,
  indexScript,
  joinScript,
  leaveScript,
  publishKeptScript,
  syncScript,
} from "./scripts/channel-scripts.ts";
import { useBucketScript } from "./scripts/lease-scripts.ts";

/** How a Redis engine works. */
export interface RedisEngineSettings {
  /** Begins every key and topic in Redis. */
  readonly prefix: string;
  /** After so long without a sign of life, other nodes give up what a node holds, in milliseconds. */
  readonly leaseMs: number;
  /** Makes an unguessable text: names of nodes and epochs. */
  readonly randomText: () => string;
  /** Called when the engine notices that something went wrong; for the log. */
  readonly report: (event: string, reason: string) => void;
}

/** Channels that are synchronized at a time. */
const sliceSize = 100;
/** Pause before a failed synchronization is tried again, in milliseconds. */
const retryMs = 500;

/**
 * An engine for several nodes that share one Redis. State that nodes share is changed by scripts, which are atomic; messages
 * go through publish/subscribe. A join leaves a mark in its channel's topic: that is its place in the order of messages.
 */
export class RedisEngine implements Engine {
  readonly #connection: RedisConnection;
  readonly #settings: RedisEngineSettings;
  readonly #clock: Clock;
  readonly #keys: Keys;
  readonly #lease: Lease;
  readonly #users: LocalUsers;
  readonly #channels = new Map<string, LocalChannel>();
  readonly #buckets = new Map<string, Promise<void>>();
  readonly #cleaning = new Set<string>();
  /** Topics that are being unsubscribed. */
  readonly #closing = new Map<string, Promise<void>>();
  #events: EngineEvents | undefined;
  #node: string;
  #request = 0;
  #status: EngineStatus = "unavailable";
  #isConnected = false;
  #synchronizing: Promise<void> | undefined;
  #cancelRetry: (() => void) | undefined;

  constructor(connection: RedisConnection, clock: Clock, settings: RedisEngineSettings) {
    this.#connection = connection;
    this.#clock = clock;
    this.#settings = settings;
    this.#keys = new Keys(settings.prefix);
    this.#node = settings.randomText();
    this.#lease = new Lease(connection, this.#keys, clock, settings.leaseMs, {
      renewed: (dataLost, dead) => this.#renewed(dataLost, dead),
      lost: () => this.#leaseLost(),
      failed: () => this.#setStatus("unavailable"),
    });
    this.#users = new LocalUsers(
      {
        connection,
        keys: this.#keys,
        node: () => this.#node,
        nextRequest: () => String(this.#nextRequest()),
        useBucket: (bucket) => this.#useBucket(bucket),
        needsSync: () => this.#synchronizeSoon(),
        giveUp: (task) => clock.after(settings.leaseMs, task),
      },
      () => this.#events,
    );
  }

  async start(events: EngineEvents): Promise<void> {
    this.#events = events;
    await this.#connection.open({
      up: () => {
        this.#isConnected = true;
        this.#synchronizeSoon();
      },
      down: (reason) => {
        this.#isConnected = false;
        this.#settings.report("engine.disconnected", reason);
        this.#setStatus("unavailable");
      },
    });
    this.#isConnected = true;
    const listener = (payload: string): void => this.#users.receive(payload);
    await this.#connection.subscribe(this.#keys.all, false, listener);
    await this.#connection.subscribe(this.#keys.node(this.#node), false, listener);
    await this.#lease.renew(this.#node, true);
    this.#lease.start(() => this.#node);
    this.#setStatus("ready");
  }

  async publish(
    app: AppId,
    publications: readonly Publication[],
  ): Promise<readonly (Position | undefined)[] | Unavailable> {
    if (this.#status === "unavailable") return "unavailable";
    const results = await Promise.all(publications.map((publication) => this.#publish(app, publication)));
    const positions = results.filter((result) => result !== "unavailable");
    return positions.length === results.length ? positions : "unavailable";
  }

  async history(app: AppId, channel: ChannelName, query: HistoryQuery): Promise<History | Unavailable> {
    const { history } = this.#namesOf(app, channel);
    const reply = await this.#ask(this.#connection.run(historyScript, history, historyArguments(query)));
    return reply === "unavailable" ? reply : readHistory(reply);
  }

  async join(joining: Joining, enter: (entry: Entry) => boolean): Promise<JoinOutcome | Unavailable> {
    if (this.#status === "unavailable") return "unavailable";
    const channel = this.#use(joining.app, joining.channel);
    const outcome = await channel.during(
      new Promise<JoinOutcome | Unavailable>((resolve) => {
        channel.whenReady((ready) => {
          if (ready) void this.#join(channel, joining, enter).then(resolve);
          else resolve("unavailable");
        });
      }),
    );
    this.#releaseIfIdle(channel);
    return outcome;
  }

  async leave(app: AppId, name: ChannelName, socketId: SocketId, userId: string | undefined): Promise<void> {
    const channel = this.#channels.get(`${app}/${name}`);
    if (channel?.sockets.delete(socketId) !== true) return;
    const left = new Promise<unknown>((resolve) => {
      channel.whenReady(
        () => void this.#change(channel, leaveScript, [userId === undefined ? "" : socketId]).then(resolve),
      );
    });
    await channel.during(left);
    this.#releaseIfIdle(channel);
  }

  async *channels(app: AppId, prefix: string): AsyncGenerator<readonly ChannelSummary[] | Unavailable> {
    for (const bucket of bucketsOfApp(app)) {
      const seen = new Set<string>();
      let cursor = "0";
      do {
        const reply = await this.#ask(this.#connection.run(indexScript, [this.#keys.index(bucket)], [cursor]));
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
    return reply === "unavailable" ? reply : listOf(reply[1]).map(textOf);
  }

  async signIn(
    app: AppId,
    userId: UserId,
    socketId: SocketId,
    enter: () => boolean,
  ): Promise<"entered" | "left" | Unavailable> {
    return this.#status === "unavailable" ? "unavailable" : this.#users.signIn(app, userId, socketId, enter);
  }

  async signOut(app: AppId, userId: UserId, socketId: SocketId): Promise<void> {
    await this.#users.signOut(app, userId, socketId);
  }

  async online(
    app: AppId,
    userIds: readonly string[],
    answer: (online: ReadonlySet<string>) => void,
  ): Promise<"answered" | Unavailable> {
    return this.#status === "unavailable" ? "unavailable" : this.#users.online(app, userIds, answer);
  }

  async tell(message: NodeMessage): Promise<"told" | Unavailable> {
    return this.#status === "unavailable" ? "unavailable" : this.#users.tell(message);
  }

  async close(): Promise<void> {
    this.#lease.stop();
    this.#cancelRetry?.();
    const wasReady = this.#status === "ready";
    this.#status = "unavailable";
    if (wasReady) {
      try {
        // What this node held is given up here, so that nobody has to wait until the lease ends.
        await cleanUpAfter(this.#node, this.#connection, this.#keys, this.#settings.leaseMs, (...change) =>
          this.#events?.changed(...change),
        );
      } catch (error) {
        this.#settings.report("engine.close_failed", messageOf(error));
      }
    }
    this.#events = undefined;
    await this.#connection.close();
  }

  async #publish(app: AppId, publication: Publication): Promise<Position | undefined | Unavailable> {
    const channel = this.#channels.get(`${app}/${publication.channel}`);
    const id = `${this.#node} ${this.#nextRequest()}`;
    if (channel === undefined) return this.#ask(this.#send(app, publication, id));
    return channel.during(
      new Promise((resolve) => {
        channel.whenReady((ready) => void this.#publishLocally(channel, publication, id, ready).then(resolve));
      }),
    );
  }

  /** Publishes on a channel with subscribers on this node, and waits until they have the message. */
  async #publishLocally(
    channel: LocalChannel,
    publication: Publication,
    id: string,
    ready: boolean,
  ): Promise<Position | undefined | Unavailable> {
    const delivered = ready ? channel.delivered(id) : Promise.resolve();
    const position = await this.#ask(this.#send(channel.app, publication, id));
    if (position === "unavailable" || this.#status === "unavailable") channel.forgetPublish(id);
    await delivered;
    return position;
  }

  async #send(app: AppId, { channel, message, except, keep }: Publication, id: string): Promise<Position | undefined> {
    const { topic, history } = this.#namesOf(app, channel);
    if (keep === undefined) {
      await this.#connection.publish(topic, encodeMessage(except, id, message));
      return undefined;
    }
    const [epoch, offset] = listOf(
      await this.#connection.run(publishKeptScript, history, [
        this.#connection.publishCommand,
        topic,
        except ?? "",
        id,
        message,
        String(keep.count),
        String(keep.ttlSeconds),
        this.#settings.randomText(),
      ]),
    );
    return positionOf(epoch, offset);
  }

  async #join(
    channel: LocalChannel,
    { socketId, presence, history }: Joining,
    enter: (entry: Entry) => boolean,
  ): Promise<JoinOutcome | Unavailable> {
    const request = this.#nextRequest();
    const key = `${this.#node} ${request}`;
    let reply: Reply | undefined;
    let took: (entered: boolean) => void = () => undefined;
    const effect = new Promise<boolean>((resolve) => (took = resolve));
    const join: PendingJoin = {
      answered: false,
      takeEffect: () => {
        const [connections, , roster, kept] = listOf(reply);
        const entry: Entry = {
          subscriptions: numberOf(connections),
          roster: presence === undefined ? undefined : readRoster(roster),
          history: history === undefined ? undefined : readHistory(kept),
        };
        channel.sockets.set(socketId, presence);
        const entered = enter(entry);
        if (!entered) channel.sockets.delete(socketId);
        this.#report(channel, request, reply ?? null);
        took(entered);
      },
    };
    channel.addJoin(key, join);
    try {
      const { userId = "", userInfo = "" } = presence?.member ?? {};
      reply = await this.#connection.run(
        joinScript,
        [...channel.names.keys, ...channel.names.history],
        [
          ...this.#argumentsOf(channel, request),
          socketId,
          userId,
          userInfo,
          presence?.arrival ?? "",
          presence?.departure ?? "",
          String(presence?.maxMembers ?? 0),
          ...historyArguments(history),
        ],
      );
    } catch {
      return this.#joinFailed(channel, key);
    }
    if (reply === "full") {
      channel.answered = request;
      channel.dropJoin(key);
      return "full";
    }
    channel.joinAnswered(join);
    const outcome = await Promise.race([effect, this.#markIsMissing()]);
    if (outcome === undefined) return this.#joinFailed(channel, key);
    if (!outcome) await this.#change(channel, leaveScript, [presence === undefined ? "" : socketId]);
    return outcome ? "entered" : "left";
  }

  #joinFailed(channel: LocalChannel, key: string): Unavailable {
    channel.dropJoin(key);
    channel.isDirty = true;
    this.#synchronizeSoon();
    return "unavailable";
  }

  /** Messages of a topic come within moments of the answer; if not, they were lost with a connection. */
  #markIsMissing(): Promise<undefined> {
    return new Promise((resolve) => this.#clock.after(this.#settings.leaseMs, () => resolve(undefined)));
  }

  /** Runs a script that changes a channel, and reports what that caused. */
  async #change(channel: LocalChannel, script: typeof leaveScript, args: readonly string[]): Promise<boolean> {
    if (!this.#isConnected) {
      channel.isDirty = true;
      return false;
    }
    const request = this.#nextRequest();
    try {
      const reply = await this.#connection.run(script, channel.names.keys, [
        ...this.#argumentsOf(channel, request),
        ...args,
      ]);
      this.#report(channel, request, reply);
      return true;
    } catch {
      channel.isDirty = true;
      this.#synchronizeSoon();
      return false;
    }
  }

  #report(channel: LocalChannel, request: number, reply: Reply): void {
    const [connections, facts] = listOf(reply);
    const { answered } = channel;
    channel.answered = Math.max(answered, request);
    for (const fact of readFacts(channel.name, numberOf(connections), listOf(facts), answered)) {
      this.#events?.changed(channel.app, fact);
    }
  }

  #argumentsOf({ names, name, answered }: LocalChannel, request: number): readonly string[] {
    return [this.#connection.publishCommand, names.topic, name, this.#node, String(request), String(answered)];
  }

  /** The local state of a channel; its messages arrive once it is ready. */
  #use(app: AppId, name: ChannelName): LocalChannel {
    const key = `${app}/${name}`;
    const known = this.#channels.get(key);
    if (known !== undefined) return known;
    const channel = new LocalChannel(app, name, this.#namesOf(app, name), this.#request, (delivery) =>
      this.#events?.deliver(app, delivery),
    );
    this.#channels.set(key, channel);
    void this.#open(channel);
    return channel;
  }

  async #open(channel: LocalChannel): Promise<void> {
    const { topic, bucket } = channel.names;
    const listener = (payload: string): void => {
      const decoded = decodeChannelPayload(payload);
      if (decoded !== undefined) channel.receive(decoded);
    };
    try {
      await this.#closing.get(topic);
      await Promise.all([this.#useBucket(bucket), this.#connection.subscribe(topic, true, listener)]);
      channel.settle(true);
    } catch {
      channel.settle(false);
    }
  }

  #releaseIfIdle(channel: LocalChannel): void {
    if (!channel.isIdle) return;
    this.#channels.delete(`${channel.app}/${channel.name}`);
    const { topic } = channel.names;
    const closed = this.#connection.unsubscribe(topic, true).catch(() => undefined);
    this.#closing.set(topic, closed);
    void closed.then(() => this.#closing.delete(topic));
  }

  #useBucket(bucket: string): Promise<void> {
    const key = `${this.#node} ${bucket}`;
    let noted = this.#buckets.get(key);
    if (noted === undefined) {
      noted = this.#connection.run(useBucketScript, [this.#keys.bucketsOf(this.#node)], [bucket]).then(() => undefined);
      this.#buckets.set(key, noted);
      noted.catch(() => this.#buckets.delete(key));
    }
    return noted;
  }

  #renewed(dataLost: boolean, dead: readonly string[]): void {
    if (dataLost) this.#synchronizeSoon(true);
    else if (this.#isConnected && this.#synchronizing === undefined) this.#setStatus("ready");
    for (const node of dead) if (node !== this.#node) void this.#cleanUpAfter(node);
  }

  async #cleanUpAfter(dead: string): Promise<void> {
    if (this.#cleaning.has(dead)) return;
    this.#cleaning.add(dead);
    try {
      this.#settings.report("engine.node_lost", dead);
      await cleanUpAfter(dead, this.#connection, this.#keys, this.#settings.leaseMs * 3, (...change) =>
        this.#events?.changed(...change),
      );
    } catch (error) {
      // The claim ends, and the next renewal of any node tries again.
      this.#settings.report("engine.cleanup_failed", messageOf(error));
    } finally {
      this.#cleaning.delete(dead);
    }
  }

  /** Others have given up what this node held, or do so now: it goes on under another name. */
  #leaseLost(): void {
    this.#settings.report("engine.lease_lost", this.#node);
    this.#setStatus("unavailable");
    this.#buckets.clear();
    this.#node = this.#settings.randomText();
    for (const channel of this.#channels.values()) channel.isDirty = true;
    this.#synchronizeSoon();
  }

  /** Makes Redis agree with this node, once at a time, until that succeeds. */
  #synchronizeSoon(quiet = false): void {
    this.#synchronizing ??= this.#synchronize(quiet).then((done) => {
      this.#synchronizing = undefined;
      if (done) this.#setStatus("ready");
      else this.#cancelRetry = this.#clock.after(retryMs, () => this.#synchronizeSoon(quiet));
    });
  }

  async #synchronize(quiet: boolean): Promise<boolean> {
    if (!this.#isConnected) return false;
    try {
      const listener = (payload: string): void => this.#users.receive(payload);
      await this.#connection.subscribe(this.#keys.node(this.#node), false, listener);
      if (!(await this.#lease.renew(this.#node, true))) return false;
      await this.#users.echo();
      await this.#users.synchronize(quiet);
      const channels = [...this.#channels.values()];
      for (let at = 0; at < channels.length; at += sliceSize) {
        const slice = channels.slice(at, at + sliceSize);
        const results = await Promise.all(slice.map((channel) => this.#synchronizeChannel(channel, quiet)));
        if (results.includes(false)) return false;
      }
      return true;
    } catch {
      return false;
    }
  }

  async #synchronizeChannel(channel: LocalChannel, quiet: boolean): Promise<boolean> {
    await this.#useBucket(channel.names.bucket);
    channel.isDirty = false;
    const connections = [...channel.sockets].flatMap(([socketId, presence]) =>
      presence === undefined
        ? []
        : [socketId, presence.member.userId, presence.member.userInfo ?? "", presence.arrival, presence.departure],
    );
    const args = [quiet ? "quiet" : "", String(channel.sockets.size), ...connections];
    const done = await channel.during(this.#change(channel, syncScript, args));
    this.#releaseIfIdle(channel);
    return done;
  }

  async #askChannel(app: AppId, channel: ChannelName, wantsMembers: boolean): Promise<readonly Reply[] | Unavailable> {
    const { keys, bucket } = this.#namesOf(app, channel);
    const order = keys[5] ?? "";
    const reply = await this.#ask(
      this.#connection.run(channelScript, [this.#keys.index(bucket), order], [channel, wantsMembers ? "1" : "0"]),
    );
    return reply === "unavailable" ? reply : listOf(reply);
  }

  async #ask<T>(request: Promise<T>): Promise<T | Unavailable> {
    try {
      return await request;
    } catch (error) {
      this.#settings.report("engine.request_failed", messageOf(error));
      return "unavailable";
    }
  }

  #namesOf(app: AppId, channel: ChannelName): LocalChannel["names"] {
    return this.#keys.channel(bucketOf(app, channel), channel, this.#node);
  }

  #nextRequest(): number {
    this.#request += 1;
    return this.#request;
  }

  #setStatus(status: EngineStatus): void {
    if (this.#status === status) return;
    this.#status = status;
    this.#events?.statusChanged(status);
  }
}

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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "unknown";
}
