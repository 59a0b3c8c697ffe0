import {
  events,
  listen,
  Sealcast,
  SealcastError,
  whenConnected,
  whenSignedIn,
  whenSubscribed,
  type SealcastOptions,
} from "@sealcast/client";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ScriptedSocket } from "./fixtures/scripted-socket.ts";

vi.mock("../../packages/client/src/connection/websocket-node.ts", () => import("./fixtures/scripted-socket.ts"));

/** Lets promises settle, while the clock stands still. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => void setImmediate(resolve));
}

beforeEach(() => {
  ScriptedSocket.all = [];
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const make = (options: Partial<SealcastOptions> = {}): Sealcast =>
  new Sealcast("key", { url: "ws://server:6001", enabledTransports: ["ws"], ...options });

/** A client that is connected. */
async function connected(options: Partial<SealcastOptions> = {}): Promise<Sealcast> {
  const client = make(options);
  await settle();
  ScriptedSocket.latest.establish();
  await settle();
  ScriptedSocket.latest.take();
  return client;
}

const sent = (): unknown[] => ScriptedSocket.latest.take();
const subscribeMessage = (channel: string): object => ({ event: "pusher:subscribe", data: { auth: "", channel } });

describe("making a client", () => {
  test.each([
    ["https://rt.example", "wss://rt.example:443/app/key"],
    ["https://rt.example:8443/", "wss://rt.example:8443/app/key"],
    ["http://127.0.0.1:6001", "ws://127.0.0.1:6001/app/key"],
    ["ws://[::1]:6001/prefix/", "ws://[::1]:6001/prefix/app/key"],
    ["wss://rt.example/a/b", "wss://rt.example:443/a/b/app/key"],
    [new URL("http://rt.example"), "ws://rt.example:80/app/key"],
  ])("with the address %s", async (url, opened) => {
    make({ url });
    await settle();
    expect(ScriptedSocket.latest.url).toMatch(opened);
  });

  test.each([
    ["", { url: "http://x" }],
    ["key", {}],
  ])("without what it needs fails: %j, %j", (key, options) => {
    expect(() => new Sealcast(key, options)).toThrow(SealcastError);
    expect(ScriptedSocket.all).toEqual([]);
  });

  test("does not connect where that is not wanted yet", async () => {
    const client = make({ autoConnect: false });
    await settle();
    expect(ScriptedSocket.all).toEqual([]);
    expect(client.connection.state).toBe("initialized");
    client.connect();
    await settle();
    expect(ScriptedSocket.all).toHaveLength(1);
  });
});

describe("whenConnected", () => {
  test("resolves with the id of the connection", async () => {
    const client = make();
    const promise = whenConnected(client);
    await settle();
    ScriptedSocket.latest.establish("7.7");
    expect(await promise).toBe("7.7");
    expect(await whenConnected(client)).toBe("7.7");
  });

  test("rejects when the server refuses for good, when the user disconnects, and when no transport works", async () => {
    const refused = whenConnected(make());
    await settle();
    ScriptedSocket.latest.end(4001, "No app has this key");
    await expect(refused).rejects.toMatchObject({ code: "disconnected" });
    const client = make();
    const promise = whenConnected(client);
    client.disconnect();
    await expect(promise).rejects.toMatchObject({ code: "disconnected" });
    await expect(whenConnected(client)).rejects.toMatchObject({ code: "disconnected" });
    await expect(whenConnected(make({ enabledTransports: [] }))).rejects.toMatchObject({ code: "disconnected" });
  });

  test("rejects with the reason of a signal", async () => {
    const abort = new AbortController();
    const promise = whenConnected(make(), { signal: abort.signal });
    abort.abort(new Error("mine"));
    await expect(promise).rejects.toThrow("mine");
    await expect(whenConnected(make(), { signal: abort.signal })).rejects.toThrow("mine");
  });
});

describe("a subscription", () => {
  test("is made when there is a connection, once, and again after a reconnection", async () => {
    const client = make();
    const channel = client.subscribe("room");
    expect(client.subscribe("room")).toBe(channel);
    await settle();
    ScriptedSocket.latest.establish();
    await settle();
    expect(sent()).toEqual([subscribeMessage("room")]);
    ScriptedSocket.latest.succeed("room");
    client.subscribe("room");
    await settle();
    expect(sent()).toEqual([]);
    ScriptedSocket.latest.end(4200);
    await vi.advanceTimersByTimeAsync(0);
    await settle();
    expect(channel.subscribed).toBe(false);
    ScriptedSocket.latest.establish("2.2");
    await settle();
    expect(sent()).toEqual([subscribeMessage("room")]);
  });

  test("that is left while it is under way is left when it has succeeded", async () => {
    const client = await connected();
    const channel = client.subscribe("room");
    await settle();
    client.unsubscribe("room");
    expect(sent()).toEqual([subscribeMessage("room")]);
    ScriptedSocket.latest.succeed("room");
    expect(sent()).toEqual([{ event: "pusher:unsubscribe", data: { channel: "room" } }]);
    expect(client.channel("room")).toBeUndefined();
    expect(channel.left.aborted).toBe(true);
  });

  test("that is left while the connection breaks does not come back", async () => {
    const client = await connected();
    client.subscribe("room");
    await settle();
    client.unsubscribe("room");
    ScriptedSocket.latest.end(4200);
    await vi.advanceTimersByTimeAsync(0);
    await settle();
    ScriptedSocket.latest.establish("2.2");
    await settle();
    expect(sent()).toEqual([]);
    expect(client.allChannels()).toEqual([]);
  });

  test("does not take the permission for an older connection", async () => {
    const answers: (() => void)[] = [];
    const client = await connected({
      channelAuthorization: {
        customHandler: ({ socketId }, callback) => void answers.push(() => callback(null, { auth: `for ${socketId}` })),
      },
    });
    client.subscribe("private-a");
    await settle();
    ScriptedSocket.latest.end(4200);
    await vi.advanceTimersByTimeAsync(0);
    await settle();
    ScriptedSocket.latest.establish("2.2");
    await settle();
    for (const answer of answers) answer();
    await settle();
    expect(sent()).toEqual([{ event: "pusher:subscribe", data: { auth: "for 2.2", channel: "private-a" } }]);
  });

  test("that fails can be tried again, and is with the next connection", async () => {
    let allowed = false;
    const client = await connected({
      channelAuthorization: {
        customHandler: async () => {
          if (!allowed) throw new Error("not yet");
          return { auth: "a" };
        },
      },
    });
    const channel = client.subscribe("private-a");
    const errors: unknown[] = [];
    channel.bind("pusher:subscription_error", (error) => errors.push(error));
    await settle();
    expect(errors).toEqual([{ type: "AuthError", error: "not yet" }]);
    allowed = true;
    client.subscribe("private-a");
    await settle();
    expect(sent()).toHaveLength(1);
  });

  test("ends with a signal", async () => {
    const client = await connected();
    const abort = new AbortController();
    client.subscribe("room", { signal: abort.signal });
    await settle();
    ScriptedSocket.latest.succeed("room");
    sent();
    abort.abort();
    expect(sent()).toEqual([{ event: "pusher:unsubscribe", data: { channel: "room" } }]);
    // A later channel of the same name belongs to somebody else.
    client.subscribe("room");
    await settle();
    abort.abort();
    expect(client.channel("room")).toBeDefined();
    client.subscribe("other", { signal: AbortSignal.abort() });
    await settle();
    expect(client.channel("other")?.subscriptionCancelled ?? true).toBe(true);
  });
});

describe("whenSubscribed", () => {
  test("resolves with the channel", async () => {
    const client = await connected();
    const promise = whenSubscribed(client.subscribe("room"));
    await settle();
    ScriptedSocket.latest.succeed("room");
    expect((await promise).name).toBe("room");
    expect((await whenSubscribed(client.subscribe("room"))).subscribed).toBe(true);
  });

  test("rejects when the subscription is refused, by the endpoint or by the server", async () => {
    const client = await connected({ channelAuthorization: { customHandler: () => Promise.reject(new Error("no")) } });
    await expect(whenSubscribed(client.subscribe("private-a"))).rejects.toMatchObject({
      code: "refused",
      message: "no",
    });
    const promise = whenSubscribed(client.subscribe("room"));
    await settle();
    ScriptedSocket.latest.message(
      "pusher:subscription_error",
      { type: "AuthError", error: "full", status: 403 },
      "room",
    );
    await expect(promise).rejects.toMatchObject({ code: "refused", message: "full", status: 403 });
  });

  test("rejects when the channel is left, and when the client disconnects", async () => {
    const client = await connected();
    const left = whenSubscribed(client.subscribe("left"));
    await settle();
    client.unsubscribe("left");
    ScriptedSocket.latest.succeed("left");
    await expect(left).rejects.toMatchObject({ code: "unsubscribed" });
    const promise = whenSubscribed(client.subscribe("room"));
    client.disconnect();
    await expect(promise).rejects.toMatchObject({ code: "disconnected" });
  });

  test("rejects with the reason of a signal", async () => {
    const client = await connected();
    await expect(whenSubscribed(client.subscribe("room"), { signal: AbortSignal.abort("mine") })).rejects.toBe("mine");
  });
});

describe("events", () => {
  test("come one by one, those included that came before they were asked for", async () => {
    const client = await connected();
    const stream = events(client.subscribe("room"), "e");
    for (const data of [1, 2]) ScriptedSocket.latest.message("e", data, "room");
    expect(await stream.next()).toEqual({ done: false, value: { data: 1, metadata: {} } });
    expect(await stream.next()).toEqual({ done: false, value: { data: 2, metadata: {} } });
    const waiting = [stream.next(), stream.next()];
    for (const data of [3, 4]) ScriptedSocket.latest.message("e", data, "room", { user_id: "u" });
    expect((await Promise.all(waiting)).map(({ value }) => value)).toEqual([
      { data: 3, metadata: { user_id: "u" } },
      { data: 4, metadata: { user_id: "u" } },
    ]);
  });

  test("end with a signal, when the channel is left, and with the loop", async () => {
    const client = await connected();
    const channel = client.subscribe("room");
    await settle();
    ScriptedSocket.latest.succeed("room");
    const abort = new AbortController();
    const aborted = events(channel, "e", { signal: abort.signal });
    const left = events(channel, "e");
    const reading = left.next();
    abort.abort();
    expect(await aborted.next()).toEqual({ done: true, value: undefined });
    expect(await events(channel, "e", { signal: abort.signal }).next()).toMatchObject({ done: true });
    const seen: unknown[] = [];
    ScriptedSocket.latest.message("e", 1, "room");
    const loop = events(channel, "e");
    for (const data of [2, 3]) ScriptedSocket.latest.message("e", data, "room");
    for await (const { data } of loop) {
      seen.push(data);
      if (data === 3) break;
    }
    expect(seen).toEqual([2, 3]);
    ScriptedSocket.latest.message("e", 4, "room");
    expect(await loop.next()).toMatchObject({ done: true });
    client.unsubscribe("room");
    expect(await reading).toMatchObject({ value: { data: 1 } });
    expect([(await left.next()).value?.data, (await left.next()).value?.data, (await left.next()).value?.data]).toEqual(
      [2, 3, 4],
    );
    expect(await left.next()).toMatchObject({ done: true });
    expect(await events(channel, "e").next()).toMatchObject({ done: true });
  });

  test("are not lost silently on a reader who does not read", async () => {
    const client = await connected();
    const stream = events(client.subscribe("room"), "e");
    for (let number = 1; number <= 1_001; number += 1) ScriptedSocket.latest.message("e", number, "room");
    for (let number = 1; number <= 1_000; number += 1) {
      expect((await stream.next()).value).toEqual({ data: number, metadata: {} });
    }
    await expect(stream.next()).rejects.toMatchObject({ code: "slow-reader" });
  });
});

test("listen binds until it is stopped or aborted, and leaves other bindings of the function alone", async () => {
  const client = await connected();
  const channel = client.subscribe("room");
  const heard: unknown[] = [];
  const listener = (data: unknown): void => void heard.push(data);
  const abort = new AbortController();
  channel.bind("e", listener);
  const stop = listen(channel, "e", listener);
  listen(channel, "e", listener, { signal: abort.signal });
  listen(channel, "e", listener, { signal: AbortSignal.abort() });
  ScriptedSocket.latest.message("e", 1, "room");
  stop();
  ScriptedSocket.latest.message("e", 2, "room");
  abort.abort();
  ScriptedSocket.latest.message("e", 3, "room");
  expect(heard).toEqual([1, 1, 1, 2, 2, 3]);
});

describe("a user", () => {
  const userAuthentication = { customHandler: async () => ({ auth: "a", user_data: '{"id":"u"}' }) };
  const confirm = (): void => ScriptedSocket.latest.message("pusher:signin_success", { user_data: '{"id":"u"}' });

  test("signs in, and again after a reconnection", async () => {
    const client = await connected({ userAuthentication });
    const promise = whenSignedIn(client);
    client.signin();
    await settle();
    expect(sent()).toEqual([{ event: "pusher:signin", data: { auth: "a", user_data: '{"id":"u"}' } }]);
    confirm();
    expect(await promise).toEqual({ id: "u" });
    await settle();
    expect(sent()).toEqual([subscribeMessage("#server-to-user-u")]);
    ScriptedSocket.latest.end(4200);
    await vi.advanceTimersByTimeAsync(0);
    expect(client.user.user_data).toBeNull();
    await settle();
    ScriptedSocket.latest.establish("2.2");
    await settle();
    expect(sent()).toContainEqual({ event: "pusher:signin", data: { auth: "a", user_data: '{"id":"u"}' } });
  });

  test("whom the server never confirms is told so after ten seconds, and may try again", async () => {
    const client = await connected({ userAuthentication });
    const promise = whenSignedIn(client);
    const failed = expect(promise).rejects.toMatchObject({ code: "refused" });
    client.signin();
    await settle();
    await vi.advanceTimersByTimeAsync(10_000);
    await failed;
    await client.user.signinDonePromise;
    sent();
    client.signin();
    await settle();
    expect(sent()).toHaveLength(1);
  });

  test.each([["nojson"], ["{}"], ['{"id":7}'], ['{"id":""}'], ["null"], [undefined], [7]])(
    "is not signed in with user data of %j",
    async (user_data) => {
      const client = await connected({ userAuthentication });
      client.signin();
      await settle();
      ScriptedSocket.latest.message("pusher:signin_success", { user_data });
      await client.user.signinDonePromise;
      expect(client.user.user_data).toBeNull();
    },
  );

  test.each([[null], [7], ["x"], [[null, 7, {}, { name: "online", user_ids: ["v"] }]]])(
    "survives a watchlist of %j",
    async (list) => {
      const client = await connected();
      const heard: unknown[] = [];
      client.user.watchlist.bind("online", (event) => heard.push(event));
      ScriptedSocket.latest.message("pusher_internal:watchlist_events", { events: list });
      expect(heard).toEqual(Array.isArray(list) ? [{ name: "online", user_ids: ["v"] }] : []);
    },
  );
});

describe("a server that sends nonsense", () => {
  const nonsense = ["", "nojson", "null", "7", "[]", "{}", '{"event":7}', '{"event":"e","channel":{}}'];
  const events_ = [
    "pusher_internal:subscription_succeeded",
    "pusher_internal:subscription_count",
    "pusher_internal:member_added",
    "pusher_internal:member_removed",
    "pusher_internal:watchlist_events",
    "pusher:subscription_error",
    "pusher:signin_success",
    "pusher:error",
    "pusher:ping",
    "pusher:connection_established",
    "anything",
  ];

  test("is survived", async () => {
    const client = await connected({
      channelAuthorization: { customHandler: async () => ({ auth: "a", channel_data: '{"user_id":"u"}' }) },
    });
    for (const name of ["room", "presence-room", "private-room", "constructor", "__proto__"]) client.subscribe(name);
    await settle();
    const errors: unknown[] = [];
    client.connection.bind("error", (error) => errors.push(error));
    for (const text of nonsense) ScriptedSocket.latest.raw(text);
    ScriptedSocket.latest.raw(new ArrayBuffer(8));
    for (const event of events_) {
      for (const channel of [undefined, "room", "presence-room", "constructor", "__proto__", "unknown"]) {
        for (const data of [
          undefined,
          null,
          7,
          "x",
          [],
          {},
          { presence: 7 },
          { presence: { hash: [] } },
          { user_id: {} },
        ]) {
          ScriptedSocket.latest.raw(JSON.stringify({ event, channel, data }));
        }
      }
    }
    expect(client.connection.state).toBe("connected");
    expect(errors.filter((error) => (error as { type: string }).type === "MessageParseError")).toHaveLength(8);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

test("a listener may disconnect and connect at any moment", async () => {
  const client = await connected();
  client.connection.bind("connected", () => client.disconnect());
  client.disconnect();
  client.connect();
  await settle();
  ScriptedSocket.latest.establish("2.2");
  expect(client.connection.state).toBe("disconnected");
  expect(ScriptedSocket.all.every(({ isOpen }) => !isOpen)).toBe(true);
  client.connection.unbind("connected");
  client.connection.bind("disconnected", () => client.connect());
  client.connect();
  await settle();
  ScriptedSocket.latest.establish("3.3");
  client.disconnect();
  await settle();
  expect(client.connection.state).toBe("connecting");
});

test("a runtime that refuses to open sockets counts as a network that fails", async () => {
  const client = make();
  const all = ScriptedSocket.all;
  vi.spyOn(ScriptedSocket.all, "push").mockImplementation(() => {
    throw new Error("SecurityError");
  });
  client.connection.bind("connecting_in", (seconds) => expect(seconds).toBe(1));
  await settle();
  expect(client.connection.state).toBe("connecting");
  vi.restoreAllMocks();
  await vi.advanceTimersByTimeAsync(2_000);
  await settle();
  expect(all).toHaveLength(1);
});
