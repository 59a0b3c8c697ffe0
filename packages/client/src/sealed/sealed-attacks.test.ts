import { randomBytes } from "node:crypto";
import {
  deriveSealedKey,
  sealEnvelope,
  signerIdText,
  type Sealable,
  type SealedKey,
  type SealOptions,
} from "@sealcast/crypto/sealed";
import { createSigner } from "@sealcast/crypto/ed25519";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { EncryptionCounters, EventDecryptor } from "../channels/event-decryptor.ts";
import type { EventMetadata } from "../emitter.ts";
import { createDecryptor } from "./create-decryptor.ts";

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
const channel = "private-sealed-orders";
const ringKey = random(32);
const key = deriveSealedKey(ringKey, { appId: "1001", channel, generation: 0 });
const signer = createSigner(random(32));
const serverNowMs = 1_760_000_000_000;
const minuteMs = 60_000;

let seq = 0;
const session = random(8);

/** The data of an event, sealed by somebody with a key of the channel. */
function seal(changes: Partial<Sealable> = {}, usedKey: SealedKey = key, options: SealOptions = {}): unknown {
  const stamp = { session, seq: (seq += 1), sentMs: serverNowMs };
  const sealable = { kind: "server-event", channel, label: "e", payload: '"text"', stamp, ...changes } as const;
  return JSON.parse(sealEnvelope(sealable, usedKey, random(24), options));
}

/** A decryptor with one key, and everything that it delivers and reports. */
class Subscription {
  readonly delivered: unknown[] = [];
  readonly metadata: EventMetadata[] = [];
  readonly reasons: string[] = [];
  readonly counters: EncryptionCounters = {
    opened: 0,
    held: 0,
    late: 0,
    dropped: { malformed: 0, "no-key": 0, overflow: 0 },
    fetches: 0,
  };
  readonly decryptor: EventDecryptor;

  constructor(name: string, e2e: object = {}) {
    this.decryptor = createDecryptor(name, "sealed", {}, this.counters, {
      deliver: (event, data, metadata) => {
        this.delivered.push([event, data]);
        this.metadata.push(metadata);
      },
      drop: ({ reason }) => this.reasons.push(reason),
      fetch: () => undefined,
    });
    this.decryptor.addSecrets({ secrets: [], e2e: { ...grant, ...e2e } });
  }

  receive(data: unknown, event = "e", userId?: string): this {
    this.decryptor.receive(event, data, userId);
    return this;
  }
}

const grant = {
  v: 2,
  now: serverNowMs,
  keys: [{ id: key.id, key: base64(key.key) }],
  sign: "off",
  signers: [] as object[],
  refresh_ms: 1_000_000,
};
const signed = { sign: "required", signers: [{ id: signerIdText(signer.publicKey), key: base64(signer.publicKey) }] };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  seq = 0;
});
afterEach(() => vi.useRealTimers());

describe("[SEAL5] attacks on a sealed channel", () => {
  const other = deriveSealedKey(ringKey, { appId: "2002", channel, generation: 0 });
  const otherChannel = deriveSealedKey(ringKey, { appId: "1001", channel: "private-sealed-x", generation: 0 });

  test.each<[attack: string, data: () => unknown, event: string, reason: string]>([
    ["moved from another app", () => seal({}, other), "e", "no-key"],
    ["moved from another channel", () => seal({ channel: "private-sealed-x" }, otherChannel), "e", "no-key"],
    ["sealed with another key under a known id", () => seal({}, { id: key.id, key: random(32) }), "e", "auth-failed"],
    ["sealed for another channel with this key", () => seal({ channel: "private-sealed-x" }), "e", "auth-failed"],
    ["renamed", () => seal({ label: "deleted" }), "e", "auth-failed"],
    ["a client event as a server event", () => seal({ kind: "client-event", label: "client-e" }), "e", "kind"],
    ["a server event as a client event", () => seal(), "client-e", "kind"],
    ["a hidden name of the server", () => seal({ hiddenName: "pusher:x" }), "e", "malformed"],
    ["a hidden name of a client event", () => seal({ hiddenName: "client-e" }), "e", "malformed"],
    ["not JSON inside", () => seal({ payload: "{" }), "e", "malformed"],
    ["an event to a user", () => seal({ kind: "user-event" }), "e", "kind"],
    ["plaintext", () => ({ text: 1 }), "e", "malformed"],
    ["no data", () => undefined, "e", "malformed"],
    ["a list", () => [seal()], "e", "malformed"],
    ["an inherited field", () => JSON.parse('{"__proto__":{"sealed":"AAAA"}}') as unknown, "e", "malformed"],
    [
      "sealed before the page was loaded",
      () => seal({ stamp: { session, seq: 1, sentMs: serverNowMs - minuteMs - 1 } }),
      "e",
      "stale",
    ],
  ])("%s is refused", async (_, data, event, reason) => {
    const { delivered, reasons, counters } = new Subscription(channel).receive(data(), event);
    await vi.advanceTimersByTimeAsync(minuteMs);
    expect(delivered).toEqual([]);
    expect(reasons).toEqual([reason]);
    expect(counters).toMatchObject({ opened: 0, dropped: { [reason]: 1 } });
  });

  test("[SEAL7] an event is delivered once, also after a reconnection with new keys", () => {
    const subscription = new Subscription(channel);
    const [first, second] = [seal(), seal()];
    subscription.receive(first).receive(second).receive(first).receive(second);
    expect(subscription.reasons).toEqual(["replay", "replay"]);
    // The same channel object after a disconnect: the keys are new, the memory of what was received is not.
    subscription.decryptor.addSecrets({ secrets: [], e2e: grant });
    subscription.receive(first);
    expect(subscription.delivered).toHaveLength(2);
    expect(subscription.metadata.map((each) => [each.seq, each.gap, each.keyId])).toEqual([[1, 0, key.id], [2, 0, key.id]]); // prettier-ignore
  });

  test("[SEAL7] missing events show as a gap, late ones are marked", () => {
    const [first, second, third] = [seal(), seal(), seal()];
    const { metadata } = new Subscription(channel).receive(first).receive(third).receive(second);
    expect(metadata.map(({ seq: n, gap, late = false }) => [n, gap, late])).toEqual([[1, 0, false], [3, 1, false], [2, 0, true]]); // prettier-ignore
  });

  test("[SEAL6] with signatures required, forged ones are refused", async () => {
    const subscription = new Subscription(channel, signed);
    subscription.receive(seal({}, key, { signer })).receive(seal());
    subscription.receive(seal({}, key, { signer: createSigner(random(32)) }));
    subscription.receive(seal({}, key, { signer: { ...createSigner(random(32)), id: signer.id } }));
    await vi.dynamicImportSettled();
    await vi.waitFor(() => expect(subscription.reasons).toEqual(["unsigned", "unknown-signer", "bad-signature"]));
    expect(subscription.metadata).toMatchObject([{ verified: true }]);
  });

  test("[SEAL6] a response that does not clearly turn signatures off requires them", () => {
    for (const sign of [undefined, "none", 0, "OFF"]) {
      expect(new Subscription(channel, { sign }).receive(seal()).reasons).toEqual(["unsigned"]);
    }
  });

  test("[SEAL4] info of a member that is moved to another member is refused", () => {
    const room = "presence-sealed-room";
    const roomKey = deriveSealedKey(ringKey, { appId: "1001", channel: room, generation: 0 });
    const keys = [{ id: roomKey.id, key: base64(roomKey.key) }];
    const { decryptor, reasons } = new Subscription(room, { keys });
    const stamp = { session, seq: 0, sentMs: serverNowMs };
    const info = seal({ kind: "member-info", channel: room, label: "ada", stamp, payload: '{"name":"Ada"}' }, roomKey);
    expect(decryptor.openInfo?.("ada", info)).toEqual({ name: "Ada" });
    expect(decryptor.openInfo?.("bob", info)).toBeNull();
    expect(decryptor.openInfo?.("bob", { name: "Eve" })).toBeNull();
    expect(decryptor.openInfo?.("bob", undefined)).toBeUndefined();
    expect(reasons).toEqual(["auth-failed", "malformed"]);
  });

  test("[SEAL7] a member of a presence channel cannot use up the numbers of another member", () => {
    const room = "presence-sealed-room";
    const roomKey = deriveSealedKey(ringKey, { appId: "1001", channel: room, generation: 0 });
    const subscription = new Subscription(room, { keys: [{ id: roomKey.id, key: base64(roomKey.key) }] });
    const event = (n: number): unknown =>
      seal(
        { kind: "client-event", channel: room, label: "client-e", stamp: { session, seq: n, sentMs: serverNowMs } },
        roomKey,
      );
    subscription.receive(event(1_000_000), "client-e", "eve").receive(event(1), "client-e", "ada");
    expect(subscription.metadata.map(({ user_id, seq: n }) => [user_id, n])).toEqual([["eve", 1_000_000], ["ada", 1]]); // prettier-ignore
  });

  test("[SEAL7] only the first event of a cache channel may be old, and not too old", () => {
    const cache = "private-cache-sealed-price";
    const cacheKey = deriveSealedKey(ringKey, { appId: "1001", channel: cache, generation: 0 });
    const old = (ageMs: number): unknown =>
      seal({ channel: cache, stamp: { session: random(8), seq: 1, sentMs: serverNowMs - ageMs } }, cacheKey);
    const subscribed = (): Subscription => {
      const subscription = new Subscription(cache, { keys: [{ id: cacheKey.id, key: base64(cacheKey.key) }] });
      subscription.decryptor.subscribed?.();
      return subscription;
    };
    const { metadata, reasons } = subscribed()
      .receive(old(30 * minuteMs))
      .receive(old(30 * minuteMs));
    expect(metadata).toMatchObject([{ cached: true }]);
    expect(reasons).toEqual(["stale"]);
    expect(subscribed().receive(old(61 * minuteMs)).reasons).toEqual(["stale"]);
    expect(subscribed().receive(old(0)).metadata[0]).not.toHaveProperty("cached");
  });

  test("keys are wiped, and nothing is delivered afterwards", () => {
    const subscription = new Subscription(channel);
    subscription.decryptor.wipe();
    expect(subscription.receive(seal()).delivered).toEqual([]);
    expect(subscription.decryptor.seal?.("client-e", 1)).toBeUndefined();
  });

  test.each([
    ["a key of 31 bytes", [{ id: key.id, key: base64(random(31)) }]],
    ["a key in hex", [{ id: key.id, key: Buffer.from(key.key).toString("hex") }]],
    ["no list", "keys"],
    ["an empty list", []],
    ["a list of nothing", [null, 7, "x"]],
  ])("a response with %s gives no key", async (_, keys) => {
    const subscription = new Subscription(channel, { keys }).receive(seal());
    await vi.advanceTimersByTimeAsync(minuteMs);
    expect(subscription.reasons).toEqual(["no-key"]);
  });
});
