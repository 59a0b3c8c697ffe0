import { randomBytes } from "node:crypto";
import { decodeBase64, decodeUtf8, sign } from "@sealcast/crypto";
import { contentOf, deriveSealedKey, openEnvelope, sealEnvelope, signatureProblem } from "@sealcast/crypto/sealed";
import { createSigner, verifySignature } from "@sealcast/crypto/ed25519";
import { encodeWebhook } from "@sealcast/protocol";
import { describe, expect, test } from "vitest";
import { Sealcast } from "../sealcast.ts";
import { fakeSealcast } from "../testing/fake-sealcast.ts";
import type { FakeServer } from "../testing/fake-platform.ts";
import type { SealedField } from "./sealed-channels.ts";
import type { SealedOptions } from "./sealed-options.ts";

const newKey = (): string => randomBytes(32).toString("base64");
const channel = "private-sealed-orders";
const [first, second, secret, nameKey] = [newKey(), newKey(), newKey(), newKey()];
const credentials = { appId: "1001", key: "app-key", secret: "app-secret" };
const T = 1_700_000_000_000;

interface WireEvent {
  readonly name: string;
  readonly channel?: string;
  readonly channels?: readonly string[];
  readonly data: string;
}

function sealcastWith(sealed: Partial<SealedOptions> = {}, server?: FakeServer): ReturnType<typeof fakeSealcast> {
  return fakeSealcast({ sealed: { ring: [{ key: first }], ...sealed } }, server);
}

/** Opens an event with the keys of an authorization response, as a client does. */
function openAsClient(field: unknown, on: string, { name, data }: WireEvent): { name?: string; value?: unknown } {
  const { keys } = (field as { e2e: SealedField }).e2e;
  const context = { kind: "server-event", channel: on, label: name } as const;
  const keyOf = (id: string): Uint8Array | undefined => {
    const key = keys.find((each) => each.id === id)?.key;
    return key === undefined ? undefined : decodeBase64(`${key.replaceAll("-", "+").replaceAll("_", "/")}=`);
  };
  const opened = openEnvelope(JSON.parse(data), context, keyOf);
  return opened.ok ? { ...contentOf(opened, context), ...opened.stamp } : { value: opened.reason };
}

describe("sealed channels of a publisher", () => {
  test("[SEAL4] an event opens with the keys of an authorization response, and is numbered", async () => {
    const { sealcast, platform } = sealcastWith();
    const grant = sealcast.authorizeChannel("1.2", channel);
    expect(grant).toMatchObject({ e2e: { v: 2, sign: "off", signers: [], keys: [{}] } });
    for (const seq of [1, 2]) {
      await sealcast.trigger(channel, "created", { total: seq });
      const { path, body } = platform.requests.at(-1) ?? {};
      expect(path).toBe("/events");
      expect(body).toMatchObject({ name: "created", channels: [channel] });
      expect(openAsClient(grant, channel, body as WireEvent)).toMatchObject({
        name: "created",
        value: { total: seq },
        seq,
        sentMs: platform.nowMs,
      });
    }
  });

  test("[SEAL4] bytes arrive as bytes", async () => {
    const { sealcast, platform } = sealcastWith();
    await sealcast.trigger(channel, "image", Uint8Array.of(1, 2, 255));
    const opened = openAsClient(
      sealcast.authorizeChannel("1.2", channel),
      channel,
      platform.requests[0]?.body as WireEvent,
    );
    expect(opened.value).toEqual(Uint8Array.of(1, 2, 255));
  });

  test("[SEAL4] several channels get an envelope each, ten in a request, beside plain ones", async () => {
    const { sealcast, platform } = sealcastWith();
    const channels = Array.from({ length: 12 }, (_, index) => `${channel}-${index}`);
    await sealcast.trigger(["news", ...channels, "presence-room"], "e", "text");
    expect(platform.requests.map(({ path }) => path)).toEqual(["/events", "/batch_events", "/batch_events"]);
    expect(platform.requests[0]?.body).toMatchObject({ channels: ["news", "presence-room"], data: "text" });
    const batch = platform.requests.slice(1).flatMap(({ body }) => (body as { batch: WireEvent[] }).batch);
    expect(batch.map((event) => event.channel)).toEqual(channels);
    for (const event of batch) {
      const on = event.channel ?? "";
      expect(openAsClient(sealcast.authorizeChannel("1.2", on), on, event).value).toBe("text");
      expect(openAsClient(sealcast.authorizeChannel("1.2", "private-sealed-x"), on, event).value).toBe("unknown-key");
    }
  });

  test("[SEAL13] events to users are sealed with the option userEvents, and their keys come with the sign-in", async () => {
    const { sealcast, platform } = sealcastWith({ userEvents: true });
    await sealcast.sendToUser("ada", "note", { text: "hello" });
    const { body } = platform.requests[0] ?? {};
    const { name, data } = body as WireEvent;
    const on = "#server-to-user-ada";
    const { e2e } = sealcast.authenticateUser("1.2", { id: "ada" });
    const context = { kind: "user-event", channel: on, label: "note" } as const;
    const key = decodeBase64(`${e2e?.keys[0]?.key.replaceAll("-", "+").replaceAll("_", "/")}=`);
    const opened = openEnvelope(JSON.parse(data), context, (id) => (id === e2e?.keys[0]?.id ? key : undefined));
    expect([name, opened.ok && contentOf(opened, context)?.value]).toEqual(["note", { text: "hello" }]);
    const { sealcast: without, platform: plain } = sealcastWith();
    await without.sendToUser("ada", "note", 1);
    expect(plain.requests[0]?.body).toMatchObject({ name: "note", data: "1", channels: [on] });
    expect(without.authenticateUser("1.2", { id: "ada" })).not.toHaveProperty("e2e");
  });

  test("[SEAL12] a repeated request carries the same envelope", async () => {
    const failures: Response[] = [new Response("", { status: 503 }), new Response("", { status: 503 })];
    const { sealcast, platform } = sealcastWith({}, () => failures.shift() ?? Response.json({}));
    await sealcast.trigger(channel, "created", 1);
    expect(platform.requests).toHaveLength(3);
    expect(new Set(platform.requests.map(({ body }) => (body as WireEvent).data)).size).toBe(1);
  });

  test("[SEAL10] rotates at the announced time; clients know the key before", async () => {
    const ring = [{ key: first }, { key: second, from: T + 60_000 }];
    const { sealcast, platform } = sealcastWith({ ring, overlapMs: 5_000 });
    const before = sealcast.authorizeChannel("1.2", channel);
    expect((before.e2e as SealedField).keys).toHaveLength(2);
    expect((before.e2e as SealedField).refresh_ms).toBe(15_000);
    expect((before.e2e as SealedField).switch_ms).toBe(60_000);
    await sealcast.trigger(channel, "e", "old");
    platform.nowMs = T + 60_000;
    await sealcast.trigger(channel, "e", "new");
    const [old, fresh] = platform.requests.map(({ body }) => body as WireEvent);
    expect(openAsClient(before, channel, old as WireEvent).value).toBe("old");
    expect(openAsClient(before, channel, fresh as WireEvent).value).toBe("new");
    const after = sealcast.authorizeChannel("1.2", channel);
    expect(openAsClient(after, channel, old as WireEvent).value).toBe("old");
    platform.nowMs += 5_000;
    const later = sealcast.authorizeChannel("1.2", channel);
    expect(openAsClient(later, channel, old as WireEvent).value).toBe("unknown-key");
    expect(openAsClient(later, channel, fresh as WireEvent).value).toBe("new");
  });

  test("[SEAL11] a removed member cannot read what comes after the next generation", async () => {
    let generation = 0;
    const { sealcast, platform } = sealcastWith({ generation: () => generation });
    const removed = sealcast.authorizeChannel("1.2", channel);
    await sealcast.trigger(channel, "e", "before");
    generation = 1;
    await sealcast.trigger(channel, "e", "after");
    const [before, after] = platform.requests.map(({ body }) => body as WireEvent);
    const stays = sealcast.authorizeChannel("1.3", channel);
    expect(openAsClient(removed, channel, after as WireEvent).value).toBe("unknown-key");
    expect(openAsClient(stays, channel, before as WireEvent).value).toBe("before");
    expect(openAsClient(stays, channel, after as WireEvent).value).toBe("after");
  });

  test("[SEAL6] events and member info are signed", async () => {
    const { sealcast, platform } = sealcastWith({ signing: { secret } });
    const grant = sealcast.authorizeChannel("1.2", channel).e2e as SealedField;
    const signer = createSigner(new Uint8Array(Buffer.from(secret, "base64")));
    expect(grant).toMatchObject({
      sign: "required",
      signers: [{ key: Buffer.from(signer.publicKey).toString("base64url") }],
    });
    await sealcast.trigger(channel, "e", 1);
    const [{ name, data } = { name: "", data: "" }] = platform.requests.map(({ body }) => body as WireEvent);
    const key = new Uint8Array(Buffer.from(grant.keys[0]?.key ?? "", "base64url"));
    const opened = openEnvelope(JSON.parse(data), { kind: "server-event", channel, label: name }, () => key);
    const signers = new Map([[grant.signers[0]?.id ?? "", signer.publicKey]]);
    expect(opened.ok && signatureProblem(opened, signers, true, verifySignature)).toBeUndefined();
  });

  test("[SEAL9] names of events and channels can be hidden", async () => {
    const { sealcast, platform } = sealcastWith({ hideEventNames: true, nameKey });
    const hidden = sealcast.hiddenChannelName("presence-sealed-orders");
    expect(hidden).toMatch(/^presence-sealed-=[\w-]{22}$/);
    expect(sealcast.hiddenChannelName("presence-sealed-orders")).toBe(hidden);
    expect(sealcast.hiddenChannelName("private-sealed-orders").slice(-22)).not.toBe(hidden.slice(-22));
    await sealcast.trigger(hidden, "salary-changed", 1);
    expect(JSON.stringify(platform.requests[0]?.body)).not.toMatch(/salary|orders/);
    const grant = sealcast.authorizeChannel("1.2", hidden, { user_id: "a" });
    expect(openAsClient(grant, hidden, platform.requests[0]?.body as WireEvent)).toMatchObject({
      name: "salary-changed",
    });
    expect(() => sealcast.hiddenChannelName("private-orders")).toThrow("is not a sealed channel");
    expect(() => sealcastWith().sealcast.hiddenChannelName(channel)).toThrow("nameKey");
  });

  test("[SEAL4] the info of a presence member is sealed, and bound to the user", () => {
    const { sealcast } = sealcastWith();
    const room = "presence-sealed-room";
    const { channel_data, e2e, auth } = sealcast.authorizeChannel("1.2", room, {
      user_id: "u7",
      user_info: { name: "Zoë" },
    });
    expect(channel_data).not.toContain("Zoë");
    const { user_id, user_info } = JSON.parse(channel_data ?? "") as { user_id: string; user_info: unknown };
    expect([user_id, auth]).toEqual(["u7", expect.stringMatching(/^app-key:/) as string]);
    const key = new Uint8Array(Buffer.from((e2e as SealedField).keys[0]?.key ?? "", "base64url"));
    const open = (label: string): unknown => {
      const opened = openEnvelope(user_info, { kind: "member-info", channel: room, label }, () => key);
      return opened.ok ? JSON.parse(decodeUtf8(opened.payload) ?? "") : opened.reason;
    };
    expect(open("u7")).toEqual({ name: "Zoë" });
    expect(open("u8")).toBe("auth-failed");
  });

  test("[SEAL4] client events in webhooks are opened", () => {
    const { sealcast, platform } = sealcastWith();
    const key = deriveSealedKey(new Uint8Array(Buffer.from(first, "base64")), {
      appId: "1001",
      channel,
      generation: 0,
    });
    const stamp = { session: new Uint8Array(8), seq: 1, sentMs: T };
    const data = sealEnvelope(
      { kind: "client-event", channel, label: "client-sealed", hiddenName: "client-typing", stamp, payload: '{"a":1}' },
      key,
      new Uint8Array(randomBytes(24)),
    );
    const event = {
      name: "client_event",
      channel,
      event: "client-sealed",
      socketId: "1.2",
      userId: undefined,
    } as const;
    const rawBody = encodeWebhook({
      timeMs: platform.nowMs,
      events: [
        { ...event, data },
        { ...event, data: "{}" },
      ],
    });
    const headers = {
      "x-pusher-key": "app-key",
      "x-pusher-signature": sign("app-secret", rawBody),
      "content-type": "application/json",
    };
    expect(sealcast.webhook({ headers, rawBody }).events).toMatchObject([
      { event: "client-typing", data: '{"a":1}', encryption: "opened" },
      { data: "{}", encryption: "unreadable" },
    ]);
  });

  test("without the option, channels with such names are ordinary", async () => {
    const { sealcast, platform } = fakeSealcast();
    await sealcast.trigger([channel, "news"], "e", { a: 1 });
    expect(platform.requests[0]?.body).toMatchObject({ channels: [channel, "news"], data: '{"a":1}' });
    expect(sealcast.authorizeChannel("1.2", channel)).toEqual({ auth: expect.any(String) as string });
    expect(() => sealcast.replaceSealed({ ring: [{ key: first }] })).toThrow("Set the option sealed first");
  });

  test("data that becomes too large is refused before anything is sent", async () => {
    const { sealcast, platform } = sealcastWith({ padding: "none" });
    await sealcast.trigger(channel, "e", "x".repeat(7_593));
    const tooLarge = sealcast.trigger(channel, "e", "x".repeat(7_594));
    await expect(tooLarge).rejects.toMatchObject({ code: "too-large", bytesOver: 1 });
    expect(platform.requests).toHaveLength(1);
  });

  test("a random generator that repeats itself is refused", async () => {
    const { sealcast } = fakeSealcast({
      sealed: { ring: [{ key: first }] },
      platform: { randomBytes: (length: number) => new Uint8Array(length) },
    });
    await expect(sealcast.trigger(channel, "e", 1)).rejects.toThrow("repeats itself");
  });

  test.each<[why: string, sealed: object]>([
    ["no ring", {}],
    ["an empty ring", { ring: [] }],
    ["a short key", { ring: [{ key: "AAAA" }] }],
    ["a key of one repeated byte", { ring: [{ key: Buffer.alloc(32, 7).toString("base64") }] }],
    ["two equal keys", { ring: [{ key: first }, { key: first, from: 1 }] }],
    ["a time that cannot be read", { ring: [{ key: first, from: "soon" }] }],
    ["a signing secret that is no key", { ring: [{ key: first }], signing: { secret: "secret" } }],
    ["a name key that is no key", { ring: [{ key: first }], nameKey: "names" }],
    ["an unknown option", { ring: [{ key: first }], rotationPauseMs: 1 }],
  ])("options with %s are refused, and no value is in the message", (_, sealed) => {
    // JavaScript applications are not type-checked.
    const build = (): unknown => Reflect.construct(Sealcast, [{ ...credentials, sealed }]);
    expect(build).toThrow(expect.objectContaining({ code: "invalid-options" }));
    expect(build).not.toThrow(first);
  });
});
