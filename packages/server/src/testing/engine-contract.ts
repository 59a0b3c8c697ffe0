import type { AppId, ChannelName, SocketId, UserId } from "@sealcast/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Awaitable, CachedEvent, Engine, EngineEvents, Joined, Left, Publication } from "../ports/engine.ts";
import { whenReady } from "../session/awaitable.ts";

/** The engines of one cluster, which share everything and nothing else. */
export interface EngineCluster {
  /** One engine per node, not started; at least one. With a single node, the rules about several hold trivially. */
  readonly nodes: readonly [Engine, ...Engine[]];
  /** Releases what the cluster stands on, after its engines were closed. */
  close(): Promise<void>;
}

const app = "1001" as AppId;
const otherApp = "1002" as AppId;
const room = "presence-room" as ChannelName;
const news = "news" as ChannelName;
const price = "cache-price" as ChannelName;
const ada = "ada" as UserId;
const bob = "bob" as UserId;

/**
 * The rules of the engine port, as tests. An adapter keeps the contract when this passes for it.
 *
 * @param name of the adapter.
 * @param create a fresh, empty cluster for each test.
 */
export function engineContract(name: string, create: () => Promise<EngineCluster>): void {
  describe(`${name} keeps the engine contract`, () => {
    let cluster: EngineCluster;
    let nodes: readonly Node[];
    let here: Node;
    let there: Node;
    const nodeAt = (index: number): Node => (index % 2 === 0 ? here : there);

    beforeEach(async () => {
      cluster = await create();
      nodes = cluster.nodes.map((engine) => new Node(engine));
      for (const node of nodes) await node.engine.start(node);
      const [first, second] = nodes;
      if (first === undefined) throw new Error("A cluster needs a node");
      here = first;
      there = second ?? first;
    });

    afterEach(async () => {
      for (const node of nodes) await node.engine.close();
      await cluster.close();
    });

    test("[ENG1] every node with subscribers gets a publication once", async () => {
      await here.join(news, "1.1");
      await there.join(news, "2.1");
      await here.engine.publish(app, [event(news, "a"), event(news, "b")]);
      await there.engine.publish(app, [event(news, "c", "1.1")]);
      for (const node of nodes.slice(0, 2)) {
        await node.heard(3);
        expect(node.delivered).toEqual([delivery(news, "a"), delivery(news, "b"), delivery(news, "c", "1.1")]);
      }
    });

    test("[ENG1] publications of one channel arrive in the order of publishing", async () => {
      await there.join(news, "1.1");
      const messages = Array.from({ length: 200 }, (_, index) => String(index));
      await Promise.all(messages.map(async (message) => here.engine.publish(app, [event(news, message)])));
      await there.heard(messages.length);
      expect(there.delivered.map(({ message }) => message)).toEqual(messages);
    });

    test("[ENG1] a publisher's own subscribers have the message when publishing resolves", async () => {
      await here.join(news, "1.1");
      await here.engine.publish(app, [event(news, "a")]);
      expect(here.delivered).toEqual([delivery(news, "a")]);
    });

    test("[ENG1] apps hear nothing of each other", async () => {
      await here.join(news, "1.1");
      await here.engine.publish(otherApp, [event(news, "other")]);
      await here.engine.publish(app, [event(news, "own")]);
      await here.heard(1);
      expect(here.delivered).toEqual([delivery(news, "own")]);
      expect(await here.engine.channels(otherApp, "")).toEqual([]);
      await here.engine.signIn(app, ada, socketOf("1.1"));
      expect(await here.engine.online(otherApp, ["ada"])).toEqual(new Set());
    });

    test("[ENG3] joins tell how many are there, and the first that it is the first", async () => {
      expect(await here.join(news, "1.1")).toMatchObject({ subscriptions: 1, occupied: true, memberAdded: false });
      expect(await there.join(news, "2.1")).toMatchObject({ subscriptions: 2, occupied: false, memberAdded: false });
    });

    test("[ENG3] leaves tell how many are left, and the last that it is the last", async () => {
      await here.join(news, "1.1");
      await there.join(news, "2.1");
      expect(await here.leave(news, "1.1")).toEqual({ subscriptions: 1, vacated: false, memberRemoved: false });
      expect(await there.leave(news, "2.1")).toEqual({ subscriptions: 0, vacated: true, memberRemoved: false });
      expect(await here.join(news, "1.1")).toMatchObject({ subscriptions: 1, occupied: true });
    });

    test("[ENG3] a user is added with its first connection and removed with its last, wherever they are", async () => {
      expect(await here.join(room, "1.1", "ada")).toMatchObject({ occupied: true, memberAdded: true });
      expect(await there.join(room, "2.1", "ada")).toMatchObject({ occupied: false, memberAdded: false });
      expect(await there.join(room, "2.2", "bob")).toMatchObject({ memberAdded: true });
      expect(await here.leave(room, "1.1", "ada")).toMatchObject({ vacated: false, memberRemoved: false });
      expect(await there.leave(room, "2.1", "ada")).toMatchObject({ subscriptions: 1, memberRemoved: true });
      expect(await there.leave(room, "2.2", "bob")).toMatchObject({ vacated: true, memberRemoved: true });
    });

    test("[ENG3] of many joins and leaves at once, one is the first and one the last", async () => {
      const sockets = Array.from({ length: 40 }, (_, index) => `1.${index}`);
      const joined = await Promise.all(
        sockets.map(async (socket, index) => nodeAt(index).join(room, socket, `u${index % 4}`)),
      );
      expect(joined.filter((one) => one !== "full" && one.occupied)).toHaveLength(1);
      expect(joined.filter((one) => one !== "full" && one.memberAdded)).toHaveLength(4);
      expect(countsOf(joined)).toEqual(sockets.map((_, index) => index + 1));
      const left = await Promise.all(
        sockets.map(async (socket, index) => nodeAt(index).leave(room, socket, `u${index % 4}`)),
      );
      expect(left.filter(({ vacated }) => vacated)).toHaveLength(1);
      expect(left.filter(({ memberRemoved }) => memberRemoved)).toHaveLength(4);
    });

    test("[ENG3] a presence channel takes as many users as it may, and further connections of those", async () => {
      const outcomes = await Promise.all(
        ["a", "b", "c", "d"].map(async (user, index) => nodeAt(index).join(room, `1.${index}`, user, 2)),
      );
      expect(outcomes.filter((one) => one === "full")).toHaveLength(2);
      const [first] = await here.engine.users(app, room);
      expect(await there.join(room, "9.1", first, 2)).toMatchObject({ subscriptions: 3, memberAdded: false });
    });

    test("[ENG3] a join that found no room changed nothing", async () => {
      await here.join(room, "1.1", "ada", 1);
      expect(await there.join(room, "2.1", "bob", 1)).toBe("full");
      expect(await here.engine.channel(app, room)).toEqual({ channel: room, subscriptions: 1, users: 1 });
      expect(await there.leave(room, "2.1", "bob")).toMatchObject({ subscriptions: 1, memberRemoved: false });
    });

    test("[ENG4] a join hears everything that was published after it, and nothing from before", async () => {
      await here.engine.publish(app, [event(news, "before")]);
      await here.join(news, "1.1");
      await there.engine.publish(app, [event(news, "after")]);
      await here.heard(1);
      expect(here.delivered).toEqual([delivery(news, "after")]);
    });

    test("[ENG4] a join gets the roster, itself included, with the user_info of the longest connection", async () => {
      await here.join(room, "1.1", "ada");
      await there.join(room, "2.1", "bob");
      const joined = await there.join(room, "2.2", "ada", 100, '{"tab":2}');
      expect(joined).toMatchObject({
        roster: [
          { userId: "ada", userInfo: '{"socket":"1.1"}' },
          { userId: "bob", userInfo: '{"socket":"2.1"}' },
        ],
      });
      await here.leave(room, "1.1", "ada");
      expect(await here.join(room, "1.2", "bob")).toMatchObject({
        roster: [
          { userId: "ada", userInfo: '{"tab":2}' },
          { userId: "bob", userInfo: '{"socket":"2.1"}' },
        ],
      });
    });

    test("[ENG4] a join gets the last event that the channel keeps", async () => {
      const [first, last] = [cachedEvent("first"), cachedEvent("last")];
      expect(await here.join(price, "1.1")).toMatchObject({ cached: undefined });
      await here.engine.publish(app, [{ ...event(price, "first"), cache: first }]);
      await there.engine.publish(app, [{ ...event(price, "last"), cache: last }]);
      await there.engine.publish(app, [event(price, "not kept")]);
      await here.heard(3);
      expect(await here.join(price, "1.2")).toMatchObject({ cached: last });
      expect(await there.engine.cached(app, price)).toEqual(last);
      expect(await there.engine.cached(otherApp, price)).toBeUndefined();
    });

    test("[ENG4] a join among publications misses none after the kept one, and gets none twice", async () => {
      const messages = Array.from({ length: 60 }, (_, index) => String(index));
      const publish = async (message: string): Promise<void> =>
        there.engine.publish(app, [{ ...event(price, message), cache: cachedEvent(message) }]);
      const before = messages.slice(0, 30).map(publish);
      const joining = here.join(price, "1.1");
      const after = messages.slice(30).map(publish);
      await Promise.all([...before, ...after]);
      const joined = await joining;
      const kept = joined === "full" ? undefined : joined.cached?.data;
      const missing = messages.slice(kept === undefined ? 0 : Number(kept) + 1);
      await here.heard(missing.length);
      expect(here.delivered.map(({ message }) => message)).toEqual(missing);
    });

    test("[ENG4] the kept event outlives the last subscriber, but not its time", async () => {
      await here.join(price, "1.1");
      await here.engine.publish(app, [{ ...event(price, "a"), cache: cachedEvent("a") }]);
      await here.leave(price, "1.1");
      expect(await there.engine.cached(app, price)).toEqual(cachedEvent("a"));
      await here.engine.publish(app, [{ ...event(price, "b"), cache: { ...cachedEvent("b"), expiresAtMs: 1 } }]);
      expect(await there.engine.cached(app, price)).toBeUndefined();
      expect(await there.join(price, "1.1")).toMatchObject({ cached: undefined });
    });

    test("[ENG5] a leave of a connection that is not there changes nothing", async () => {
      expect(await here.leave(news, "1.1")).toEqual({ subscriptions: 0, vacated: false, memberRemoved: false });
      await here.join(room, "1.1", "ada");
      expect(await there.leave(room, "2.1", "ada")).toEqual({ subscriptions: 1, vacated: false, memberRemoved: false });
      await here.leave(room, "1.1", "ada");
      expect(await here.leave(room, "1.1", "ada")).toMatchObject({ vacated: false, memberRemoved: false });
    });

    test("[ENG6] all nodes hear of a user's first connection and last, and of none between", async () => {
      await here.engine.signIn(app, ada, socketOf("1.1"));
      await there.engine.signIn(app, ada, socketOf("2.1"));
      await here.engine.signIn(app, ada, socketOf("1.1"));
      expect(await there.engine.online(app, ["ada", "bob", "__proto__"])).toEqual(new Set(["ada"]));
      await here.engine.signOut(app, ada, socketOf("1.1"));
      await here.engine.signOut(app, ada, socketOf("1.1"));
      await there.engine.signOut(app, ada, socketOf("2.1"));
      await there.engine.signOut(app, bob, socketOf("2.1"));
      await there.engine.signIn(app, bob, socketOf("2.1"));
      expect(await here.engine.online(app, ["ada", "bob"])).toEqual(new Set(["bob"]));
      for (const node of nodes) {
        await node.heard(3);
        expect(node.changes).toEqual(["ada online", "ada offline", "bob online"]);
      }
    });

    test("[ENG6] of many sign-ins at once, one is the first", async () => {
      const sockets = Array.from({ length: 20 }, (_, index) => socketOf(`1.${index}`));
      await Promise.all(sockets.map(async (socket, index) => nodeAt(index).engine.signIn(app, ada, socket)));
      await Promise.all(sockets.map(async (socket, index) => nodeAt(index).engine.signOut(app, ada, socket)));
      await here.engine.signIn(app, bob, socketOf("9.9"));
      for (const node of nodes) {
        await node.heard(3);
        expect(node.changes).toEqual(["ada online", "ada offline", "bob online"]);
      }
    });

    test("[ENG7] all nodes are told to close a user's connections", async () => {
      await there.engine.terminate(app, ada);
      for (const node of nodes) {
        await node.heard(1);
        expect(node.changes).toEqual(["ada terminated"]);
      }
    });

    test("[ENG8] occupied channels are listed on every node, with their counts", async () => {
      await here.join(news, "1.1");
      await there.join(news, "2.1");
      await there.join(room, "2.1", "ada");
      await there.join(room, "2.2", "ada");
      await here.join("#server-to-user-ada" as ChannelName, "1.1");
      await here.join(price, "1.1");
      await here.leave(price, "1.1");
      const [listed, rooms] = [await here.engine.channels(app, ""), await here.engine.channels(app, "presence-")];
      expect(listed.toSorted((a, b) => (a.channel < b.channel ? -1 : 1))).toEqual([
        { channel: news, subscriptions: 2, users: 0 },
        { channel: room, subscriptions: 2, users: 1 },
      ]);
      expect(rooms).toEqual([{ channel: room, subscriptions: 2, users: 1 }]);
      expect(await there.engine.users(app, room)).toEqual(["ada"]);
      expect(await there.engine.channel(app, news)).toEqual({ channel: news, subscriptions: 2, users: 0 });
    });

    test("[ENG8] an empty channel has zero counts and no users", async () => {
      expect(await here.engine.channel(app, room)).toEqual({ channel: room, subscriptions: 0, users: 0 });
      expect(await here.engine.users(app, room)).toEqual([]);
    });
  });
}

/** What an engine hands to a node of one publication. */
type Delivery = Pick<Publication, "channel" | "message" | "except">;

/** One node under test: its engine, and what the engine told it. As a server does, it minds the channels it has joined. */
class Node implements EngineEvents {
  readonly engine: Engine;
  readonly delivered: Delivery[] = [];
  /** What happened to users. */
  readonly changes: string[] = [];
  readonly #joined = new Set<string>();
  #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** Joins a connection; with a user, as that user, whose info names the connection unless given. */
  join(
    channel: ChannelName,
    socket: string,
    userId?: string,
    maxMembers = 100,
    userInfo = JSON.stringify({ socket }),
  ): Awaitable<Joined> {
    const member = userId === undefined ? undefined : { userId, userInfo };
    return whenReady(this.engine.join({ app, channel, socketId: socketOf(socket), member, maxMembers }), (joined) => {
      if (joined !== "full") this.#joined.add(`${app}/${channel}`);
      return joined;
    });
  }

  leave(channel: ChannelName, socket: string, userId?: string): Awaitable<Left> {
    return this.engine.leave(app, channel, socketOf(socket), userId);
  }

  /** Resolves once the engine told this node so many things in all. */
  heard(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ count, resolve });
      this.#notice();
    });
  }

  deliver(of: AppId, { channel, message, except }: Publication): void {
    if (!this.#joined.has(`${of}/${channel}`)) return;
    this.delivered.push({ channel, message, except });
    this.#notice();
  }

  userChanged(_app: AppId, userId: UserId, online: boolean): void {
    this.#change(`${userId} ${online ? "online" : "offline"}`);
  }

  terminate(_app: AppId, userId: UserId): void {
    this.#change(`${userId} terminated`);
  }

  #change(change: string): void {
    this.changes.push(change);
    this.#notice();
  }

  #notice(): void {
    const heard = this.delivered.length + this.changes.length;
    for (const { count, resolve } of this.#waiting) if (count <= heard) resolve();
    this.#waiting = this.#waiting.filter(({ count }) => count > heard);
  }
}

function socketOf(id: string): SocketId {
  return id as SocketId;
}

function event(channel: ChannelName, message: string, except?: string): Publication {
  return { ...delivery(channel, message, except), cache: undefined };
}

function delivery(channel: ChannelName, message: string, except?: string): Delivery {
  return { channel, message, except: except === undefined ? undefined : socketOf(except) };
}

/** An event to keep, for longer than any test runs. */
function cachedEvent(data: string): CachedEvent {
  return { message: `message of ${data}`, data, expiresAtMs: 4_102_444_800_000 };
}

/** The counts that joins told, smallest first. */
function countsOf(joined: readonly Joined[]): number[] {
  return joined.flatMap((one) => (one === "full" ? [] : [one.subscriptions])).toSorted((a, b) => a - b);
}
