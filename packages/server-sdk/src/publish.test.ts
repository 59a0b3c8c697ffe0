import { deriveChannelKey, decodeBase64, openPayload, sealPayload } from "@sealcast/crypto";
import { describe, expect, test } from "vitest";
import { fakeSealcast, masterKey } from "./testing/fake-sealcast.ts";
import type { FakeRequest } from "./testing/fake-platform.ts";
import type { Sealcast } from "./sealcast.ts";

const encryptionMasterKeyBase64 = masterKey("a");
const T = 1_700_000_100_000;
const encryption = {
  ring: [{ key: masterKey("a") }, { key: masterKey("b"), from: T }],
  rotationPauseMs: 2_000,
};
const secretOf = (letter: string, channel: string): Uint8Array =>
  deriveChannelKey(decodeBase64(masterKey(letter)) ?? new Uint8Array(), channel);

interface Event {
  readonly channel: string;
  readonly data: string;
  readonly name: string;
}
const eventsOf = ({ body }: FakeRequest): readonly Event[] => (body as { batch: Event[] }).batch;
const channelsOf = ({ body }: FakeRequest): readonly string[] => (body as { channels: string[] }).channels;

function namesOn(channel: string, events: readonly Omit<Event, "data">[]): string[] {
  return events.filter((event) => event.channel === channel).map(({ name }) => name);
}

function opened(event: Event, letter = "a"): unknown {
  const result = openPayload([secretOf(letter, event.channel)], event.data);
  return result.ok ? result.plaintext.value : result.reason;
}

describe("trigger", () => {
  test("splits more than 100 channels", async () => {
    const { sealcast, platform } = fakeSealcast();
    const channels = Array.from({ length: 230 }, (_, index) => `c${index}`);
    await sealcast.trigger(channels, "e", { x: 1 });
    expect(platform.requests.map(channelsOf)).toEqual([
      channels.slice(0, 100),
      channels.slice(100, 200),
      channels.slice(200),
    ]);
    expect(platform.requests[0]).toMatchObject({
      method: "POST",
      path: "/events",
      body: { name: "e", data: '{"x":1}' },
    });
  });

  test("seals for several encrypted channels, each with its own key, beside plain ones", async () => {
    const { sealcast, platform } = fakeSealcast({ encryptionMasterKeyBase64 });
    const encrypted = Array.from({ length: 12 }, (_, index) => `private-encrypted-${index}`);
    await sealcast.trigger(["plain", ...encrypted, "presence-x"], "e", "text", { socketId: "1.2" });
    const [plain, ...batches] = platform.requests;
    expect(plain?.body).toEqual({ name: "e", data: "text", channels: ["plain", "presence-x"], socket_id: "1.2" });
    expect(batches.map(({ path }) => path)).toEqual(["/batch_events", "/batch_events"]);
    const events = batches.flatMap(eventsOf);
    expect(events.map(({ channel }) => channel)).toEqual(encrypted);
    expect(events.map((event) => opened(event))).toEqual(encrypted.map(() => "text"));
    expect(new Set(events.map(({ data }) => data)).size).toBe(12);
  });

  test("gives the counts of all channels together", async () => {
    const { sealcast, platform } = fakeSealcast({ encryptionMasterKeyBase64 }, ({ path, body }) =>
      Response.json(
        path === "/events"
          ? {
              channels: Object.fromEntries(
                (body as { channels: string[] }).channels.map((name) => [name, { user_count: 3 }]),
              ),
            }
          : { batch: (body as { batch: Event[] }).batch.map((_, index) => ({ subscription_count: index })) },
      ),
    );
    const counts = await sealcast.trigger(
      ["presence-__proto__", "private-encrypted-a", "private-encrypted-b"],
      "e",
      1,
      {
        info: ["user_count", "subscription_count"],
      },
    );
    expect([...counts]).toEqual([
      ["presence-__proto__", { userCount: 3, subscriptionCount: undefined }],
      ["private-encrypted-a", { userCount: undefined, subscriptionCount: 0 }],
      ["private-encrypted-b", { userCount: undefined, subscriptionCount: 1 }],
    ]);
    expect(platform.requests[0]?.body).toMatchObject({ info: "user_count,subscription_count" });
  });

  test.each([
    [
      "text",
      "plain",
      "é".repeat(5_121),
      { bytesOver: 2, message: "Event data is 10242 bytes, 2 over the 10240 allowed" },
    ],
    ["an object", "plain", { t: "x".repeat(10_233) }, { bytesOver: 1 }],
    [
      "sealed data",
      "private-encrypted-a",
      "x".repeat(7_618),
      { bytesOver: 4, message: "Event data is 10244 bytes after encryption, 4 over the 10240 allowed" },
    ],
  ])("refuses too much %s before anything is sent", async (_, channel, data, details) => {
    const { sealcast, platform } = fakeSealcast({ encryptionMasterKeyBase64 });
    const channels = ["other", "private-encrypted-x", channel];
    await expect(sealcast.trigger(channels, "e", data)).rejects.toMatchObject({
      code: "too-large",
      retryable: false,
      ...details,
    });
    expect(platform.requests).toEqual([]);
  });

  test.each([
    ["plain", "x".repeat(10_240)],
    ["private-encrypted-a", "x".repeat(7_617)],
  ])("sends as much as the limit allows on %s", async (channel, data) => {
    const { sealcast, platform } = fakeSealcast({ encryptionMasterKeyBase64 });
    await sealcast.trigger(channel, "e", data);
    expect(platform.requests).toHaveLength(1);
  });

  test.each([
    ["a bad channel", { code: "invalid-argument", message: "Invalid channel name: 'a b'" }, ["ok", "a b"], "e", 1],
    ["a long event name", { code: "invalid-argument" }, ["ok"], "e".repeat(201), 1],
    ["nothing to encrypt", { code: "invalid-argument" }, ["private-encrypted-a"], "e", undefined],
  ])("rejects %s and sends nothing", async (_, error, channels, event, data) => {
    const { sealcast, platform } = fakeSealcast({ encryptionMasterKeyBase64 });
    await expect(sealcast.trigger(channels, event, data)).rejects.toMatchObject(error);
    expect(platform.requests).toEqual([]);
  });

  test("names the channels that were not confirmed", async () => {
    let asked = 0;
    const { sealcast } = fakeSealcast({}, () => {
      asked += 1;
      return asked === 2 ? new Response("broken", { status: 500 }) : Response.json({});
    });
    const channels = Array.from({ length: 201 }, (_, index) => `c${index}`);
    await expect(sealcast.trigger(channels, "e", 1)).rejects.toMatchObject({
      code: "server-error",
      status: 500,
      body: "broken",
      unconfirmedChannels: channels.slice(100),
    });
  });
});

describe("triggerBatch", () => {
  test("sends ten at a time, in order, and gives the counts in order", async () => {
    const { sealcast, platform } = fakeSealcast({}, ({ body }) =>
      Response.json({
        batch: (body as { batch: Event[] }).batch.map(({ data }) => ({ subscription_count: Number(data) })),
      }),
    );
    const events = Array.from({ length: 25 }, (_, index) => ({ channel: "a", name: "e", data: index }));
    const counts = await sealcast.triggerBatch(events);
    expect(platform.requests.map((request) => eventsOf(request).length)).toEqual([10, 10, 5]);
    expect(platform.requests.flatMap(eventsOf).map(({ data }) => data)).toEqual(events.map(({ data }) => `${data}`));
    expect(counts.map(({ subscriptionCount }) => subscriptionCount)).toEqual(events.map(({ data }) => data));
  });

  test("writes the optional fields by their names on the wire", async () => {
    const { sealcast, platform } = fakeSealcast();
    await sealcast.triggerBatch([{ channel: "a", name: "e", data: 1, socketId: "1.2", info: ["user_count"] }]);
    expect(platform.requests[0]?.body).toEqual({
      batch: [{ channel: "a", name: "e", data: "1", socket_id: "1.2", info: "user_count" }],
    });
  });
});

describe("[R2] a key rotation", () => {
  test("makes encrypted publishes wait for the rotation pause, and nothing else", async () => {
    const { sealcast, platform } = fakeSealcast({ encryption });
    platform.nowMs = T + 500;
    await Promise.all([
      sealcast.trigger("private-encrypted-a", "e", "waits"),
      sealcast.trigger("plain", "e", "does not"),
      sealcast.trigger(["private-a", "private-encrypted-b", "private-encrypted-c"], "e", "partly"),
    ]);
    const sent = platform.requests.map((request) => [
      request.atMs - T,
      (request.path === "/events" ? channelsOf(request) : eventsOf(request).map(({ channel }) => channel)).join(),
    ]);
    expect(sent).toEqual([
      [500, "plain"],
      [500, "private-a"],
      [2_000, "private-encrypted-a"],
      [2_000, "private-encrypted-b,private-encrypted-c"],
    ]);
  });

  test("splits a batch where some of it must wait, and keeps the order on each channel", async () => {
    const { sealcast, platform } = fakeSealcast({ encryption }, ({ body }) =>
      Response.json({
        batch: (body as { batch: Event[] }).batch.map(({ name }) => ({ subscription_count: Number(name) })),
      }),
    );
    platform.nowMs = T;
    const events = Array.from({ length: 24 }, (_, index) => ({
      channel: index % 2 === 0 ? "private-encrypted-a" : "plain",
      name: `${index}`,
      data: index,
    }));
    const counts = await sealcast.triggerBatch(events);
    expect(counts.map(({ subscriptionCount }) => subscriptionCount)).toEqual(events.map(({ data }) => data));
    const waited = platform.requests.filter(({ atMs }) => atMs >= T + 2_000).flatMap(eventsOf);
    expect(waited.map((event) => opened(event, "b"))).toEqual(
      events.filter((_, index) => index % 2 === 0).map(({ data }) => data),
    );
  });

  test("lets one publish go ahead and the others follow when clients have the new secret, in order", async () => {
    const { sealcast, platform } = fakeSealcast({ encryption });
    platform.nowMs = T + 100;
    const publish = (data: number, channel = "private-encrypted-a"): Promise<unknown> =>
      sealcast.trigger(channel, "e", data);
    await Promise.all([publish(1), publish(2), publish(3), publish(4, "private-encrypted-b")]);
    const sent = platform.requests.map(({ atMs, body }) => {
      const { channels, data } = body as { channels: string[]; data: string };
      return [atMs - T, opened({ channel: channels[0] ?? "", data, name: "e" }, "b")];
    });
    expect(sent).toEqual([
      [2_000, 1],
      [2_000, 4],
      [2_500, 2],
      [2_500, 3],
    ]);
  });

  test.each([
    ["trigger", (sealcast: Sealcast) => sealcast.trigger("private-encrypted-a", "e", 1)],
    [
      "triggerBatch",
      (sealcast: Sealcast) => sealcast.triggerBatch([{ channel: "private-encrypted-a", name: "e", data: 1 }]),
    ],
    ["republish", (sealcast: Sealcast) => sealcast.republish([{ channel: "private-encrypted-a", event: "e" }])],
  ])(
    "that begins in the middle of %s lets nothing under the new key out before the rotation pause is over",
    async (_, publish) => {
      const ring = [{ key: masterKey("c") }, { key: masterKey("a"), from: 1 }, { key: masterKey("b"), from: T }];
      const cache = { data: sealPayload(secretOf("c", "private-encrypted-a"), new Uint8Array(24), "1"), ttl: 60 };
      const underNewKey = new Set<boolean>();
      for (let startMs = T - 20; startMs <= T; startMs += 1) {
        // Time passes with every look at the clock.
        const now = (): number => (platform.nowMs += 1);
        const options = { encryption: { ring, rotationPauseMs: 2_000 }, platform: { now } };
        const { sealcast, platform } = fakeSealcast(options, () => Response.json({ cache }));
        platform.nowMs = startMs;
        await publish(sealcast);
        const sent = platform.requests.filter(({ method }) => method === "POST");
        expect(sent).toHaveLength(1);
        for (const { atMs, body } of sent) {
          const { data, batch } = body as { data: string; batch?: Event[] };
          const isNew = openPayload([secretOf("b", "private-encrypted-a")], batch?.[0]?.data ?? data).ok;
          expect(isNew).toBe(atMs >= T + 2_000);
          underNewKey.add(isNew);
        }
      }
      expect(underNewKey).toEqual(new Set([false, true]));
    },
  );

  test.each(["begins", "ends"])(
    "that %s between two looks at the clock keeps every event and its order",
    async (edge) => {
      const channels = ["private-encrypted-a", "private-encrypted-b"];
      const events = Array.from({ length: 44 }, (_, index) => ({
        channel: channels[index % 2] ?? "",
        name: `${index}`,
        data: 1,
      }));
      for (let beforeMs = 0; beforeMs <= 120; beforeMs += 1) {
        const now = (): number => (platform.nowMs += 1);
        const { sealcast, platform } = fakeSealcast({ encryption, platform: { now } });
        platform.nowMs = (edge === "begins" ? T : T + 2_000) - beforeMs;
        await sealcast.triggerBatch(events);
        const sent = platform.requests.flatMap(eventsOf);
        for (const channel of channels) {
          expect(namesOn(channel, sent)).toEqual(namesOn(channel, events));
        }
      }
    },
  );

  test("makes a repeated attempt wait, too", async () => {
    const answers = [new Response("", { status: 503, headers: { "retry-after": "1" } })];
    const { sealcast, platform } = fakeSealcast({ encryption }, () => answers.shift() ?? Response.json({}));
    platform.nowMs = T - 500;
    await sealcast.trigger("private-encrypted-a", "e", 1);
    expect(platform.requests.map(({ atMs }) => atMs - T)).toEqual([-500, 2_000]);
  });

  test("seals with the key of the moment of sending, repeated attempts included", async () => {
    let asked = 0;
    const { sealcast, platform } = fakeSealcast({ encryption: { ...encryption, rotationPauseMs: 0 } }, () => {
      asked += 1;
      return asked === 1 ? new Response("", { status: 503, headers: { "retry-after": "1" } }) : Response.json({});
    });
    platform.nowMs = T - 500;
    await sealcast.trigger("private-encrypted-a", "e", 1);
    const sealedUnder = platform.requests.map(({ body }) => {
      const { data } = body as { data: string };
      return ["a", "b"].find((letter) => openPayload([secretOf(letter, "private-encrypted-a")], data).ok);
    });
    expect(sealedUnder).toEqual(["a", "b"]);
  });
});

test("a random generator that repeats itself seals nothing", async () => {
  const platform = { randomBytes: (length: number) => new Uint8Array(length) };
  const { sealcast, platform: fake } = fakeSealcast({ encryptionMasterKeyBase64, platform });
  await expect(sealcast.trigger("private-encrypted-a", "e", 1)).rejects.toThrow("repeats itself");
  expect(fake.requests).toEqual([]);
});
