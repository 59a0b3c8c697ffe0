import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { Sealcast, SealcastError, type EncryptedChannel, type SealcastOptions } from "@sealcast/client";
import { Pusher } from "@sealcast/client/pusher-js";
import { encodeBase64, openPayload, parseSharedSecret, sealPayload } from "@sealcast/crypto";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { ScriptedSocket } from "./fixtures/scripted-socket.ts";

vi.mock("../../packages/client/src/connection/websocket-node.ts", () => import("./fixtures/scripted-socket.ts"));

const channel = "private-encrypted-orders";

/** A key of the channel as its endpoint hands it out. */
type Secret = string;
const newSecret = (): Secret => encodeBase64(new Uint8Array(randomBytes(32)));
const [old, next] = [newSecret(), newSecret()];

/** The data of an event as the wire carries it. */
function seal(secret: Secret, value: unknown): unknown {
  const key = parseSharedSecret(secret);
  if (!key) throw new Error("No key");
  return JSON.parse(sealPayload(key, new Uint8Array(randomBytes(24)), JSON.stringify(value)));
}

/** A client on one encrypted channel, its endpoint and what it hears. */
class Bench {
  readonly client: Sealcast;
  readonly channel: EncryptedChannel;
  /** What the endpoint answers next. */
  secrets: readonly Secret[] = [old];
  refreshMs: number | undefined;
  status = 200;
  asked = 0;
  readonly heard: unknown[] = [];
  readonly errors: unknown[] = [];

  constructor(options: Partial<SealcastOptions> = {}) {
    this.client = new Sealcast("key", {
      wsHost: "server",
      enabledTransports: ["ws"],
      channelAuthorization: { endpoint: "https://app.example/auth", fetch: async () => this.#answer() },
      ...options,
    });
    this.channel = this.client.subscribe(channel) as EncryptedChannel;
    this.channel.bind_global((event, data) => {
      if (!event.startsWith("pusher:")) this.heard.push(data);
    });
    this.channel.bind("pusher:decryption_error", (error) => this.errors.push(error));
    this.channel.bind("pusher:subscription_error", (error) => this.errors.push(error));
  }

  /** Connects and subscribes. */
  async start(): Promise<this> {
    await this.connect();
    this.socket.succeed(channel);
    return this;
  }

  async connect(socketId = "1.1"): Promise<this> {
    await settle();
    this.socket.establish(socketId);
    await settle();
    return this;
  }

  get socket(): ScriptedSocket {
    return ScriptedSocket.latest;
  }

  /** The server sends an event. */
  async event(data: unknown, name = "e"): Promise<this> {
    this.socket.raw(JSON.stringify({ event: name, channel, data: JSON.stringify(data) }));
    await settle();
    return this;
  }

  async pass(ms: number): Promise<this> {
    await vi.advanceTimersByTimeAsync(ms);
    await settle();
    return this;
  }

  async #answer(): Promise<Response> {
    this.asked += 1;
    if (this.status !== 200) return new Response(null, { status: this.status });
    const e2e =
      this.refreshMs === undefined ? undefined : { v: 1, now: 0, secrets: this.secrets, refresh_ms: this.refreshMs };
    return Response.json({ auth: "key:s", shared_secret: this.secrets[0], e2e });
  }
}

/** Lets promises settle and modules load, while the clock stands still. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => void setImmediate(resolve));
}

// Loading the cipher takes no time later on.
beforeAll(() => import("@sealcast/client/encryption"));
beforeEach(() => {
  ScriptedSocket.all = [];
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"] });
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const bench = (options?: Partial<SealcastOptions>): Promise<Bench> => new Bench(options).start();

describe("events", () => {
  test.each([[{ a: [1, "é😀"] }], ["text"], [0], [false], [null], [""], [[]]])("carry %j", async (value) => {
    const it = await bench();
    const calls: unknown[][] = [];
    it.channel.bind("e", (...values) => calls.push(values));
    await it.event(seal(old, value));
    expect(calls).toEqual([[value, {}]]);
  });

  test("reach client-wide listeners opened, and none that is not sealed", async () => {
    const it = await bench();
    const heard: unknown[] = [];
    it.client.bind("e", (data) => heard.push(data));
    await it.event("plain");
    await it.event({ nonce: "x", ciphertext: "y" });
    it.socket.raw(JSON.stringify({ event: "e", channel: "private-encrypted-other", data: '"plain"' }));
    await it.event(seal(old, 1));
    expect(heard).toEqual([1]);
  });

  test("[C2] open with any key that the endpoint hands out", async () => {
    const it = new Bench();
    Object.assign(it, { secrets: [next, old], refreshMs: 60_000 });
    await it.start();
    await it.event(seal(old, 1));
    await it.event(seal(next, 2));
    expect(it.heard).toEqual([1, 2]);
    expect(it.asked).toBe(1);
  });
});

describe("an event under a key that is not there", () => {
  test("[C3] [C6] is held, and comes in order once the endpoint has it", async () => {
    const it = await bench();
    it.secrets = [next];
    it.status = 503;
    await it.event(seal(next, 1));
    await it.event(seal(old, 2));
    expect(it.heard).toEqual([]);
    it.status = 200;
    await it.pass(2_000);
    expect(it.heard).toEqual([1, 2]);
    expect(it.channel.counters).toMatchObject({ opened: 2, held: 2, late: 0 });
    // The old key still opens what was sealed before.
    await it.event(seal(old, 3));
    expect(it.heard).toEqual([1, 2, 3]);
  });

  test("[C4] comes late, and says so, where others had to wait for too long", async () => {
    const it = await bench();
    const late: unknown[] = [];
    it.channel.bind("e", (data, metadata) => late.push([data, metadata]));
    await it.event(seal(next, 1));
    await it.event(seal(old, 2));
    await it.pass(2_000);
    expect(it.heard).toEqual([2]);
    it.secrets = [next];
    await it.pass(10_000);
    expect(late).toEqual([
      [2, {}],
      [1, { late: true }],
    ]);
    expect(it.channel.counters.late).toBe(1);
  });

  test("[C7] is dropped after a minute, with a reason and without its payload", async () => {
    const it = await bench();
    await it.event(seal(next, "hidden"));
    await it.pass(59_999);
    expect(it.errors).toEqual([]);
    await it.pass(1);
    expect(it.errors).toEqual([{ reason: "no-key", event: "e" }]);
    expect(it.channel.counters.dropped).toEqual({ malformed: 0, "no-key": 1, overflow: 0 });
    await it.event(seal(old, "next"));
    expect(it.heard).toEqual(["next"]);
  });

  test("[C4] waits as long as the options say", async () => {
    const it = await bench({ holdMs: 300, orderHoldMs: 100 });
    await it.event(seal(next, 1));
    await it.event(seal(old, 2));
    await it.pass(100);
    expect(it.heard).toEqual([2]);
    await it.pass(200);
    expect(it.errors).toEqual([{ reason: "no-key", event: "e" }]);
  });

  test.each([200, 500])("[C5] leads to 20 requests in a minute at most, with status %i", async (status) => {
    const it = await bench();
    it.status = status;
    const before = it.asked;
    for (let event = 0; event < 1_000; event += 1) {
      it.socket.message("e", seal(next, event), channel);
      if (event % 10 === 0) await it.pass(100);
    }
    await it.pass(49_999);
    expect(it.asked - before).toBeLessThanOrEqual(20);
    expect(it.asked - before).toBeGreaterThan(10);
    expect(it.channel.counters.fetches).toBe(it.asked - before);
  });

  test("[C10] survives an endpoint that is down", async () => {
    const it = await bench();
    it.status = 500;
    await it.event(seal(next, 1));
    await it.pass(20_000);
    Object.assign(it, { status: 200, secrets: [next] });
    await it.pass(20_000);
    expect(it.heard).toEqual([1]);
  });

  test("ends the subscription where the endpoint says no: keys are wiped and nothing comes any more", async () => {
    const it = await bench();
    await it.event(seal(next, 1));
    await it.event(seal(old, 2));
    it.status = 403;
    await it.pass(10_000);
    expect(it.errors).toEqual([expect.objectContaining({ type: "AuthError", status: 403 })]);
    expect(it.channel.subscribed).toBe(false);
    expect(it.socket.take()).toContainEqual({ event: "pusher:unsubscribe", data: { channel } });
    Object.assign(it, { status: 200, secrets: [next, old] });
    await it.event(seal(old, 3));
    await it.pass(100_000);
    expect(it.heard).toEqual([]);
    expect(it.errors).toHaveLength(1);
  });
});

describe("[C1] keys", () => {
  test("are kept across reconnections, and so are events that wait", async () => {
    const it = await bench();
    await it.event(seal(next, 1));
    it.socket.end(1006);
    it.secrets = [next];
    await it.pass(2_000);
    await it.connect("2.2");
    it.socket.succeed(channel);
    await it.event(seal(old, 2));
    expect(it.heard).toEqual([1, 2]);
  });

  test("are forgotten when the channel is left", async () => {
    const it = await bench();
    await it.event(seal(next, 1));
    it.client.unsubscribe(channel);
    it.secrets = [next];
    await it.pass(100_000);
    await it.event(seal(old, 2));
    expect(it.heard).toEqual([]);
    expect(it.errors).toEqual([]);
  });

  test("are forgotten when the user disconnects", async () => {
    const it = await bench();
    it.client.disconnect();
    it.secrets = [next];
    it.client.connect();
    await it.connect("2.2");
    it.socket.succeed(channel);
    await it.event(seal(old, 1));
    await it.pass(3_000);
    expect(it.heard).toEqual([]);
    await it.event(seal(next, 2));
    expect(it.heard).toEqual([2]);
  });

  test("of an answer that comes after leaving are not taken", async () => {
    const it = await bench();
    await it.event(seal(next, 1));
    it.client.unsubscribe(channel);
    await it.pass(1_000);
    const again = it.client.subscribe(channel) as EncryptedChannel;
    expect(again).not.toBe(it.channel);
    expect(again.counters.opened).toBe(0);
  });

  test("are asked for again before they get old", async () => {
    const it = new Bench();
    it.refreshMs = 60_000;
    await it.start();
    it.secrets = [next, old];
    await it.pass(54_000);
    expect(it.asked).toBe(2);
    await it.event(seal(next, 1));
    expect(it.heard).toEqual([1]);
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
    const it = await bench();
    const client = new Pusher("key", {
      cluster: "own",
      enabledTransports: ["ws"],
      channelAuthorization: { customHandler: async () => ({ auth: "key:s", shared_secret: old }) },
    });
    client.subscribe(channel);
    await it.connect("3.3");
    for (const secret of [next, old]) await it.event(seal(secret, "hidden"));
    await it.pass(70_000);
    Pusher.log = undefined;
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
    const it = await new Bench({
      channelAuthorization: { endpoint: "https://app.example/auth", fetch: async () => Response.json(answer) },
    }).connect();
    expect(it.errors).toEqual([
      { type: "AuthError", error: `No shared_secret key in auth payload for encrypted channel: ${channel}` },
    ]);
    expect(it.socket.take()).toEqual([]);
    expect(it.channel.subscriptionPending).toBe(false);
  });

  test("never sends the key", async () => {
    const it = await new Bench().connect();
    expect(it.socket.take()).toEqual([{ event: "pusher:subscribe", data: { auth: "key:s", channel } }]);
  });

  test("fails where the cipher cannot be loaded", async () => {
    const errors: unknown[] = [];
    const client = new Sealcast("key", {
      wsHost: "server",
      enabledTransports: ["ws"],
      channelAuthorization: { customHandler: async () => ({ auth: "key:s", shared_secret: old }) },
      // What a failed `import()` is to whoever awaits it.
      encryption: {
        then: (_: unknown, reject: (reason: Error) => void) => reject(new Error("no such chunk")),
      } as never,
    });
    client.subscribe(channel).bind("pusher:subscription_error", (error) => errors.push(error));
    await settle();
    ScriptedSocket.latest.establish();
    await settle();
    expect(errors).toEqual([{ type: "AuthError", error: "no such chunk" }]);
  });
});

describe("a server that attacks", () => {
  interface Vector {
    readonly comment: string;
    readonly sharedSecret: Secret;
    readonly dataText?: string;
    readonly dataObject?: unknown;
    readonly dataMissing?: boolean;
    readonly result?: string;
    readonly expect?: { readonly json?: unknown; readonly text?: string };
  }
  const vectors = JSON.parse(
    readFileSync(new URL("../../vectors/secretbox-channels.json", import.meta.url), "utf8"),
  ) as { readonly open: readonly Vector[]; readonly reject: readonly Vector[] };

  const frame = ({ dataText, dataObject, dataMissing }: Vector): string => {
    const data = dataText ?? dataObject;
    return JSON.stringify({ event: "e", channel, ...(dataMissing ? {} : { data }) });
  };

  test.each(vectors.reject)("cannot get through: $comment", async (vector) => {
    const it = new Bench();
    it.secrets = [vector.sharedSecret];
    await it.start();
    it.socket.raw(frame(vector));
    await settle();
    expect(it.heard).toEqual([]);
    expect(it.asked).toBe(vector.result === "malformed" ? 1 : 2);
    expect(it.errors).toEqual(vector.result === "malformed" ? [{ reason: "malformed", event: "e" }] : []);
    await it.pass(60_000);
    expect(it.heard).toEqual([]);
    expect(it.errors).toHaveLength(1);
  });

  test.each(vectors.open)("is read as pusher-js reads it: $comment", async (vector) => {
    const it = new Bench();
    it.secrets = [vector.sharedSecret];
    await it.start();
    it.socket.raw(frame(vector));
    expect(it.heard).toEqual([vector.expect?.json ?? vector.expect?.text]);
  });

  test.each([
    "pusher:decryption_error",
    "pusher:member_added",
    "pusher:subscription_succeeded",
    "pusher:anything",
    "pusher_internal:member_added",
    "pusher_internal:anything",
  ])("cannot make listeners believe in %s", async (name) => {
    const it = await bench();
    const heard: unknown[] = [];
    it.channel.bind_global((event) => heard.push(event));
    it.client.bind_global((event) => heard.push(event));
    await it.event({ reason: "no-key", event: "e" }, name);
    expect(heard).toEqual([]);
  });

  test.each(["pusher:subscription_error", "pusher:cache_miss", "pusher_internal:subscription_count"])(
    "may say %s",
    async (name) => {
      const it = await bench();
      const heard: unknown[] = [];
      it.channel.bind_global((event) => heard.push(event));
      await it.event({ subscription_count: 2 }, name);
      expect(heard).toEqual([name.replace("_internal", "")]);
    },
  );

  test("with a thousand events under no key delays the channel by two seconds a minute, in bounded memory", async () => {
    const it = await bench();
    let delayed = 0;
    for (let round = 0; round < 100; round += 1) {
      for (let event = 0; event < 10; event += 1) it.socket.message("garbage", seal(next, event), channel);
      const before = it.heard.length;
      await it.event(seal(old, round));
      if (it.heard.length === before) delayed += 1;
      await it.pass(500);
    }
    expect(it.heard).toEqual(Array.from({ length: 100 }, (_, round) => round));
    expect(delayed).toBeLessThanOrEqual(4);
    expect(it.asked).toBeLessThanOrEqual(21);
    const { dropped } = it.channel.counters;
    expect(dropped.overflow).toBe(1_000 - 256);
  });

  test.each([
    ["a megabyte of ciphertext", { nonce: "A".repeat(32), ciphertext: "A".repeat(2_000_000) }],
    ["a deep nest", JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`)],
    ["a million keys", Object.fromEntries(Array.from({ length: 1_000_000 }, (_, index) => [index, 1]))],
  ])("with %s is told off in no time", async (_, data) => {
    const it = await bench();
    it.socket.raw(`{"event":"e","channel":"${channel}","data":${writeJson(data)}}`);
    await settle();
    expect(it.errors).toEqual([{ reason: "malformed", event: "e" }]);
    expect(it.asked).toBe(1);
  });

  test("does not change what objects inherit", async () => {
    const it = await bench();
    for (const name of ["__proto__", "constructor", "toString"]) {
      await it.event(JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'), name);
      it.socket.raw(JSON.stringify({ event: name, channel: name, data: '{"__proto__":{"polluted":1}}' }));
      it.client.subscribe(name);
      it.socket.raw(JSON.stringify({ event: name, channel: name, data: '{"__proto__":{"polluted":1}}' }));
    }
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(it.heard).toEqual([]);
  });
});

describe("[C9] client events", () => {
  test("are refused without the option, as pusher-js does", async () => {
    const it = await bench();
    expect(() => it.channel.trigger("client-e", 1)).toThrow(
      new SealcastError("unsupported", "Client events are not currently supported for encrypted channels"),
    );
  });

  test("are sealed with the first key, and sent as an object", async () => {
    const it = new Bench({ encryptedClientEvents: true });
    Object.assign(it, { secrets: [next, old], refreshMs: 60_000 });
    await it.start();
    it.socket.take();
    expect(it.channel.trigger("client-e", { x: 1 })).toBe(true);
    const [sent] = it.socket.take() as { event: string; channel: string; data: object }[];
    expect(sent).toMatchObject({ event: "client-e", channel });
    const key = parseSharedSecret(next);
    expect(openPayload(key ? [key] : [], sent?.data)).toMatchObject({ ok: true, plaintext: { value: { x: 1 } } });
    expect(it.channel.trigger("client-e", undefined)).toBe(true);
  });

  test("are refused with keys that are too old, until there are new ones", async () => {
    const it = new Bench({ encryptedClientEvents: true });
    it.refreshMs = 60_000;
    await it.start();
    it.status = 500;
    await it.pass(60_001);
    expect(it.channel.trigger("client-e", 1)).toBe(false);
    it.status = 200;
    await it.pass(60_000);
    expect(it.channel.trigger("client-e", 1)).toBe(true);
  });

  test("are refused before there is a key", () => {
    const it = new Bench({ encryptedClientEvents: true });
    expect(it.channel.trigger("client-e", 1)).toBe(false);
  });

  test("of others are opened like all events", async () => {
    const it = await bench();
    await it.event(seal(old, { y: 2 }), "client-e");
    expect(it.heard).toEqual([{ y: 2 }]);
  });
});

test("a listener that throws loses no event of others", async () => {
  const it = await bench();
  it.channel.bind("e", (data) => {
    if (data === 1) throw new Error("mine");
  });
  it.socket.message("e", seal(next, 1), channel);
  it.socket.message("e", seal(next, 2), channel);
  const uncaught = new Promise((resolve) => process.once("unhandledRejection", resolve));
  it.secrets = [next];
  await it.pass(3_000);
  expect(await uncaught).toMatchObject({ message: "mine" });
  expect(it.heard).toEqual([1, 2]);
});

/** JSON of values that are nested too deeply for `JSON.stringify`, too. */
function writeJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  }
}
