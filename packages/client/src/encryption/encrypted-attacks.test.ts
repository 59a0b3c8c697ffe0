import { readFileSync } from "node:fs";
import type { SealcastOptions } from "../index.ts";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  EncryptedClient,
  channel,
  goOn,
  newSecret,
  seal,
  settle,
  standStill,
  type Secret,
} from "../testing/encrypted-client.ts";

const [old, next] = [newSecret(), newSecret()];

// Loading the cipher takes no time later on.
beforeAll(() => import("./index.ts"));
beforeEach(standStill);
afterEach(goOn);

/** A hundred thousand lists, one in the other. */
const nestText = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
const nest: unknown = JSON.parse(nestText);

const startClient = (options?: Partial<SealcastOptions>): Promise<EncryptedClient> =>
  new EncryptedClient(old, options).start();

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
    readFileSync(new URL("../../../../vectors/secretbox-channels.json", import.meta.url), "utf8"),
  ) as { readonly open: readonly Vector[]; readonly reject: readonly Vector[] };

  const frame = ({ dataText, dataObject, dataMissing }: Vector): string => {
    const data = dataText ?? dataObject;
    return JSON.stringify({ event: "e", channel, ...(dataMissing ? {} : { data }) });
  };

  test.each(vectors.reject)("cannot get through: $comment", async (vector) => {
    const it = new EncryptedClient(old);
    it.secrets = [vector.sharedSecret];
    await it.start();
    it.socket.raw(frame(vector));
    await settle();
    expect(it.received).toEqual([]);
    expect(it.asked).toBe(vector.result === "malformed" ? 1 : 2);
    expect(it.errors).toEqual(vector.result === "malformed" ? [{ reason: "malformed", event: "e" }] : []);
    await it.pass(60_000);
    expect(it.received).toEqual([]);
    expect(it.errors).toHaveLength(1);
  });

  test.each(vectors.open)("is read as pusher-js reads it: $comment", async (vector) => {
    const it = new EncryptedClient(old);
    it.secrets = [vector.sharedSecret];
    await it.start();
    it.socket.raw(frame(vector));
    expect(it.received).toEqual([vector.expect?.json ?? vector.expect?.text]);
  });

  test.each([
    "pusher:decryption_error",
    "pusher:member_added",
    "pusher:subscription_succeeded",
    "pusher:anything",
    "pusher_internal:member_added",
    "pusher_internal:anything",
  ])("cannot make listeners believe in %s", async (name) => {
    const it = await startClient();
    const received: unknown[] = [];
    it.channel.bind_global((event) => received.push(event));
    it.client.bind_global((event) => received.push(event));
    await it.event({ reason: "no-key", event: "e" }, name);
    expect(received).toEqual([]);
  });

  test.each(["pusher:subscription_error", "pusher:cache_miss", "pusher_internal:subscription_count"])(
    "may say %s",
    async (name) => {
      const it = await startClient();
      const received: unknown[] = [];
      it.channel.bind_global((event) => received.push(event));
      await it.event({ subscription_count: 2 }, name);
      expect(received).toEqual([name.replace("_internal", "")]);
    },
  );

  test("with a thousand events under no key delays the channel by two seconds a minute, in bounded memory", async () => {
    const it = await startClient();
    let delayed = 0;
    for (let round = 0; round < 100; round += 1) {
      for (let event = 0; event < 10; event += 1) it.socket.message("garbage", seal(next, event), channel);
      const before = it.received.length;
      await it.event(seal(old, round));
      if (it.received.length === before) delayed += 1;
      await it.pass(500);
    }
    expect(it.received).toEqual(Array.from({ length: 100 }, (_, round) => round));
    expect(delayed).toBeLessThanOrEqual(4);
    expect(it.asked).toBeLessThanOrEqual(21);
    const { dropped } = it.channel.counters;
    expect(dropped.overflow).toBe(1_000 - 256);
  });

  test.each([
    ["a megabyte of ciphertext", { nonce: "A".repeat(32), ciphertext: "A".repeat(2_000_000) }],
    ["a deep nest", nest],
    ["a ciphertext that cannot become text", { nonce: "A", ciphertext: { toString: null, valueOf: null } }],
    ["a ciphertext that becomes text by recursion", { nonce: "A", ciphertext: [nest] }],
    ["a million keys", Object.fromEntries(Array.from({ length: 1_000_000 }, (_, index) => [index, 1]))],
  ])("with %s is refused quickly", async (_, data) => {
    const it = await startClient();
    it.socket.raw(`{"event":"e","channel":"${channel}","data":${writeJson(data)}}`);
    await settle();
    expect(it.errors).toEqual([{ reason: "malformed", event: "e" }]);
    expect(it.asked).toBe(1);
  });

  test("does not change what objects inherit", async () => {
    const it = await startClient();
    for (const name of ["__proto__", "constructor", "toString"]) {
      await it.event(JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'), name);
      it.socket.raw(JSON.stringify({ event: name, channel: name, data: '{"__proto__":{"polluted":1}}' }));
      it.client.subscribe(name);
      it.socket.raw(JSON.stringify({ event: name, channel: name, data: '{"__proto__":{"polluted":1}}' }));
    }
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(it.received).toEqual([]);
  });
});

/** JSON of a value that may hold the nest, which is too deep for `JSON.stringify`. */
function writeJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (part === nest ? "NEST" : part)).replace('"NEST"', nestText);
}
