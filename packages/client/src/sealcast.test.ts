import { listen, Sealcast, SealcastError, whenConnected, whenSignedIn } from "./index.ts";
import { Pusher } from "./compat/pusher-js.ts";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { connected, make, sent, settle, standStill, subscribeMessage } from "./testing/scripted-client.ts";
import { ScriptedSocket } from "./testing/scripted-socket.ts";

beforeEach(standStill);
afterEach(() => {
  vi.useRealTimers();
});

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

  test("does not connect with autoConnect: false", async () => {
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

  test("rejects when the server refuses the client, when the user disconnects, and when no transport can be used", async () => {
    const refused = whenConnected(make());
    await settle();
    ScriptedSocket.latest.end(4001, "No app has this key");
    await expect(refused).rejects.toMatchObject({ code: "rejected", status: 4001 });
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

describe("a user", () => {
  const userAuthentication = { customHandler: async () => ({ auth: "a", user_data: '{"id":"u"}' }) };

  test("signs in, and again after a reconnection", async () => {
    const client = await connected({ userAuthentication });
    const promise = whenSignedIn(client);
    client.signin();
    await settle();
    expect(sent()).toEqual([{ event: "pusher:signin", data: { auth: "a", user_data: '{"id":"u"}' } }]);
    ScriptedSocket.latest.message("pusher:signin_success", { user_data: '{"id":"u"}' });
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

  test("gets an error after ten seconds without an answer of the server, and can sign in again", async () => {
    const client = await connected({ userAuthentication });
    const failed = whenSignedIn(client).catch((error: unknown) => error);
    client.signin();
    await settle();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await failed).toMatchObject({ code: "refused" });
    await client.user.signinDonePromise;
    sent();
    client.signin();
    await settle();
    expect(sent()).toHaveLength(1);
  });

  test("can sign in again from the listener for the error", async () => {
    const answers = [{ auth: "a", user_data: "{}" }, undefined];
    const client = await connected({
      userAuthentication: { customHandler: async () => answers.pop() ?? Promise.reject(new Error("not now")) },
    });
    client.user.bind("pusher:signin_error", () => client.signin());
    client.signin();
    await client.user.signinDonePromise;
    await settle();
    expect(sent()).toEqual([{ event: "pusher:signin", data: { auth: "a", user_data: "{}" } }]);
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
      const received: unknown[] = [];
      client.user.watchlist.bind("online", (event) => received.push(event));
      ScriptedSocket.latest.message("pusher_internal:watchlist_events", { events: list });
      expect(received).toEqual(Array.isArray(list) ? [{ name: "online", user_ids: ["v"] }] : []);
    },
  );
});

describe("a server that sends nonsense", () => {
  /** Cannot become text, nor a number. */
  const hostile = { toString: null, valueOf: null };
  const nonsense = ["", "nojson", "null", "7", "[]", "{}", '{"event":7}', '{"event":"e","channel":{}}'];
  const eventNames = [
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
    for (const event of eventNames) {
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
          hostile,
          { user_id: hostile, subscription_count: hostile, presence: { hash: hostile }, events: [{ name: hostile }] },
        ]) {
          ScriptedSocket.latest.raw(JSON.stringify({ event, channel, data }));
        }
      }
    }
    expect(client.connection.state).toBe("connected");
    expect(errors.filter((error) => (error as { type: string }).type === "MessageParseError")).toHaveLength(8);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test.each([
    ["pusher:error", { code: hostile, message: hostile }],
    ["pusher:connection_established", { socket_id: hostile, activity_timeout: hostile }],
  ])("for a handshake is survived: %s", async (event, data) => {
    const client = make();
    await settle();
    const errors: unknown[] = [];
    client.connection.bind("error", (error) => errors.push(error));
    ScriptedSocket.latest.raw(JSON.stringify({ event, data }));
    expect(client.connection.state).toBe("connecting");
    await vi.advanceTimersByTimeAsync(2_000);
    await settle();
    expect(ScriptedSocket.all).toHaveLength(2);
  });

  test("that no log can print does not stop the drop-in", async () => {
    const logged: string[] = [];
    Pusher.log = (text: string) => logged.push(text);
    onTestFinished(() => void Object.assign(Pusher, { log: undefined }));
    const client = new Pusher("key", {
      cluster: "own",
      wsHost: "server",
      enabledTransports: ["ws"],
      WebSocket: ScriptedSocket,
    });
    await settle();
    ScriptedSocket.latest.establish();
    const errors: unknown[] = [];
    client.connection.bind("error", (error: unknown) => errors.push(error));
    const nest = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    ScriptedSocket.latest.raw(`{"event":"pusher:error","data":{"code":null,"message":${nest}}}`);
    expect(errors).toMatchObject([{ type: "PusherError", data: { code: null } }]);
    expect(logged).toContain("Pusher :  : Error");
    client.disconnect();
  });

  test("for a time-out leaves it to the client", async () => {
    const client = make();
    await settle();
    ScriptedSocket.latest.message("pusher:connection_established", { socket_id: "1.1", activity_timeout: hostile });
    expect(client.connection.state).toBe("connected");
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

describe("a wrong argument is refused with a SealcastError", () => {
  const wrongTexts = [undefined, null, 5, true, 10n, Symbol("s"), {}, [], () => 1];

  test.each(wrongTexts)("as the name of a channel: %s", (name) => {
    const client = make();
    expect(() => client.subscribe(name as never)).toThrow(expect.objectContaining({ code: "invalid-argument" }));
    expect(client.allChannels()).toEqual([]);
  });

  test.each(wrongTexts)("as the name of a client event: %s", async (event) => {
    const channel = (await connected()).subscribe("private-a");
    expect(() => channel.trigger(event as never, 1)).toThrow(expect.objectContaining({ code: "invalid-argument" }));
  });

  test.each([undefined, null, 5, "text", {}])("as a listener: %s", (callback) => {
    const channel = make().subscribe("news");
    expect(() => listen(channel, "created", callback as never)).toThrow(
      "The listener of event 'created' must be a function",
    );
    expect(channel.emit("created", 1)).toBe(channel);
  });
});
