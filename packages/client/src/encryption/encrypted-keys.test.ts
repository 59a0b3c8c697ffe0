import { Sealcast, SealcastError, type SealcastOptions } from "../index.ts";
import { Pusher } from "../compat/pusher-js.ts";
import { decodeBase64, encodeBase64, openPayload } from "@sealcast/crypto";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { EncryptedClient, channel, goOn, newSecret, seal, settle, standStill } from "../testing/encrypted-client.ts";
import { ScriptedSocket } from "../testing/scripted-socket.ts";

const [old, next] = [newSecret(), newSecret()];

// Loading the cipher takes no time later on.
beforeAll(() => import("./index.ts"));
beforeEach(standStill);
afterEach(goOn);

const startClient = (options?: Partial<SealcastOptions>): Promise<EncryptedClient> =>
  new EncryptedClient(old, options).start();

describe("[C1] keys", () => {
  test("are kept across reconnections, and so are events that wait", async () => {
    const it = await startClient();
    await it.event(seal(next, 1));
    it.socket.end(1006);
    it.secrets = [next];
    await it.pass(2_000);
    await it.connect("2.2");
    it.socket.succeed(channel);
    await it.event(seal(old, 2));
    expect(it.received).toEqual([1, 2]);
  });

  test("are forgotten when the channel is left", async () => {
    const it = await startClient();
    await it.event(seal(next, 1));
    it.client.unsubscribe(channel);
    it.secrets = [next];
    await it.pass(100_000);
    await it.event(seal(old, 2));
    expect(it.received).toEqual([]);
    expect(it.errors).toEqual([]);
  });

  test("are forgotten when the user disconnects", async () => {
    const it = await startClient();
    it.client.disconnect();
    it.secrets = [next];
    it.client.connect();
    await it.connect("2.2");
    it.socket.succeed(channel);
    await it.event(seal(old, 1));
    await it.pass(3_000);
    expect(it.received).toEqual([]);
    await it.event(seal(next, 2));
    expect(it.received).toEqual([2]);
  });

  test("of an answer that comes after leaving are not taken", async () => {
    const it = await startClient();
    await it.event(seal(next, 1));
    it.client.unsubscribe(channel);
    await it.pass(1_000);
    const again = it.client.subscribe(channel);
    expect(again).not.toBe(it.channel);
    expect(again.counters.opened).toBe(0);
  });

  test("are asked for again before they get old", async () => {
    const it = new EncryptedClient(old);
    it.refreshMs = 60_000;
    await it.start();
    it.secrets = [next, old];
    await it.pass(54_000);
    expect(it.asked).toBe(2);
    await it.event(seal(next, 1));
    expect(it.received).toEqual([1]);
    expect(it.asked).toBe(2);
    it.status = 500;
    await it.pass(54_000);
    const failed = it.asked;
    expect(failed).toBe(3);
    it.status = 200;
    await it.pass(60_000);
    expect(it.asked).toBe(failed + 1);
  });

  test("are nowhere in the log, in errors or in what is sent", async () => {
    const logs: string[] = [];
    Pusher.log = (text) => logs.push(text);
    const it = await startClient();
    const client = new Pusher("key", {
      cluster: "own",
      enabledTransports: ["ws"],
      WebSocket: ScriptedSocket,
      channelAuthorization: { customHandler: async () => ({ auth: "key:s", shared_secret: old }) },
    });
    client.subscribe(channel);
    await it.connect("3.3");
    for (const secret of [next, old]) await it.event(seal(secret, "hidden"));
    await it.pass(70_000);
    Object.assign(Pusher, { log: undefined });
    expect(logs.length).toBeGreaterThan(5);
    for (const secret of [old, next, "hidden", "key:s"]) expect(logs.join("\n")).not.toContain(secret);
    for (const secret of [old, next, "hidden"]) {
      expect(JSON.stringify([it.errors, ScriptedSocket.all.map(({ sent }) => sent)])).not.toContain(secret);
    }
  });
});

describe("a subscription", () => {
  test.each([
    ["no key", { auth: "key:s" }],
    ["31 bytes", { auth: "key:s", shared_secret: encodeBase64(new Uint8Array(31)) }],
    ["33 bytes", { auth: "key:s", shared_secret: encodeBase64(new Uint8Array(33)) }],
    ["hex", { auth: "key:s", shared_secret: "00".repeat(32) }],
    ["nothing", { auth: "key:s", shared_secret: "" }],
    ["a number", { auth: "key:s", shared_secret: 7 }],
    ["a list of wrong types", { auth: "key:s", e2e: { v: 1, secrets: [7, null, {}] } }],
  ])("with %s for a key fails, and sends nothing", async (_, answer) => {
    const it = await new EncryptedClient(old, {
      channelAuthorization: { endpoint: "https://app.example/auth", fetch: async () => Response.json(answer) },
    }).connect();
    expect(it.errors).toEqual([
      { type: "AuthError", error: `No shared_secret key in auth payload for encrypted channel: ${channel}` },
    ]);
    expect(it.socket.take()).toEqual([]);
    expect(it.channel.subscriptionPending).toBe(false);
  });

  test("never sends the key", async () => {
    const it = await new EncryptedClient(old).connect();
    expect(it.socket.take()).toEqual([{ event: "pusher:subscribe", data: { auth: "key:s", channel } }]);
  });

  test("fails if the cipher cannot be loaded", async () => {
    const errors: unknown[] = [];
    const failed: Promise<never> = Promise.reject(new Error("no such chunk"));
    failed.catch(() => {});
    const client = new Sealcast("key", {
      wsHost: "server",
      enabledTransports: ["ws"],
      WebSocket: ScriptedSocket,
      channelAuthorization: { customHandler: async () => ({ auth: "key:s", shared_secret: old }) },
      // The error of a failed `import()`.
      encryption: failed as never,
    });
    client.subscribe(channel).bind("pusher:subscription_error", (error) => errors.push(error));
    await settle();
    ScriptedSocket.latest.establish();
    await settle();
    expect(errors).toEqual([{ type: "AuthError", error: "Cannot load the cipher: no such chunk" }]);
  });
});

describe("[C9] client events", () => {
  test("are refused without the option, as pusher-js does", async () => {
    const it = await startClient();
    expect(() => it.channel.trigger("client-e", 1)).toThrow(
      new SealcastError("unsupported", "Client events are not currently supported for encrypted channels"),
    );
  });

  test("are sealed with the first key, and sent as an object", async () => {
    const it = new EncryptedClient(old, { encryptedClientEvents: true });
    Object.assign(it, { secrets: [next, old], refreshMs: 60_000 });
    await it.start();
    it.socket.take();
    expect(it.channel.trigger("client-e", { x: 1 })).toBe(true);
    const [sent] = it.socket.take() as { event: string; channel: string; data: object }[];
    expect(sent).toMatchObject({ event: "client-e", channel });
    const key = decodeBase64(next);
    expect(openPayload(key ? [key] : [], sent?.data)).toMatchObject({ ok: true, plaintext: { value: { x: 1 } } });
    expect(it.channel.trigger("client-e", undefined)).toBe(true);
  });

  test("are refused with keys that are too old, until there are new ones", async () => {
    const it = new EncryptedClient(old, { encryptedClientEvents: true });
    it.refreshMs = 60_000;
    await it.start();
    it.status = 500;
    await it.pass(60_001);
    expect(it.channel.trigger("client-e", 1)).toBe(false);
    it.status = 200;
    await it.pass(60_000);
    expect(it.channel.trigger("client-e", 1)).toBe(true);
  });

  test("pause for a second before and after an announced change of the key, and then use the new key", async () => {
    const it = new EncryptedClient(old, { encryptedClientEvents: true });
    Object.assign(it, { secrets: [old, next], refreshMs: 600_000, switchMs: 10_000 });
    await it.start();
    const trigger = (): boolean => it.channel.trigger("client-e", 1);
    await it.pass(8_999);
    expect(trigger()).toBe(true);
    await it.pass(2);
    expect(trigger()).toBe(false);
    Object.assign(it, { secrets: [next, old], switchMs: undefined });
    await it.pass(1_998);
    expect(trigger()).toBe(false);
    await it.pass(2);
    expect(it.asked).toBe(2);
    it.socket.take();
    expect(trigger()).toBe(true);
    const [sent] = it.socket.take() as { data: object }[];
    expect(openPayload([decodeBase64(next) ?? new Uint8Array(32)], sent?.data)).toMatchObject({ ok: true });
  });

  test("are refused before there is a key", () => {
    const it = new EncryptedClient(old, { encryptedClientEvents: true });
    expect(it.channel.trigger("client-e", 1)).toBe(false);
  });

  test("of others are opened like all events", async () => {
    const it = await startClient();
    await it.event(seal(old, { y: 2 }), "client-e");
    expect(it.received).toEqual([{ y: 2 }]);
  });
});
