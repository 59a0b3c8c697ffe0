import { decodeBase64, deriveChannelKey, sealPayload } from "@sealcast/crypto";
import { describe, expect, test } from "vitest";
import { fakeSealcast, masterKey } from "./testing/fake-sealcast.ts";

const channel = "private-encrypted-orders";
const sealedWith = (letter: string, text: string): string =>
  sealPayload(
    deriveChannelKey(decodeBase64(masterKey(letter)) ?? new Uint8Array(), channel),
    new Uint8Array(24).fill(7),
    text,
  );

describe("history", () => {
  test("is what the server keeps after a position, decrypted if the ring has the key", async () => {
    const events = [
      { name: "paid", data: sealedWith("a", '{"total":1}'), offset: 5, time_ms: 1_700_000_000_000 },
      { name: "client-seen", data: sealedWith("c", "1"), offset: 6, time_ms: 1_700_000_000_001, user_id: "ada" },
    ];
    const { sealcast, platform } = fakeSealcast({ encryptionMasterKeyBase64: masterKey("a") }, () =>
      Response.json({ epoch: "e", offset: 9, events, truncated: true }),
    );
    expect(await sealcast.history(channel, { after: { epoch: "e", offset: 4 }, limit: 2 })).toEqual({
      events: [
        {
          name: "paid",
          data: '{"total":1}',
          encryption: "opened",
          position: { epoch: "e", offset: 5 },
          time: new Date(1_700_000_000_000),
          userId: undefined,
        },
        {
          name: "client-seen",
          data: events[1]?.data,
          encryption: "unreadable",
          position: { epoch: "e", offset: 6 },
          time: new Date(1_700_000_000_001),
          userId: "ada",
        },
      ],
      position: { epoch: "e", offset: 9 },
      truncated: true,
    });
    expect(platform.requests[0]).toMatchObject({
      method: "GET",
      path: `/channels/${channel}/events`,
      params: { after: "e:4", limit: "2" },
    });
  });

  test("is empty on a channel that keeps nothing", async () => {
    const { sealcast, platform } = fakeSealcast({}, () => Response.json({ events: [] }));
    expect(await sealcast.history("news")).toEqual({ events: [], position: undefined, truncated: false });
    expect(platform.requests[0]?.params).toEqual({});
  });

  test.each([{}, { events: [{ name: "paid" }] }, []])("rejects the answer %j", async (answer) => {
    const { sealcast } = fakeSealcast({}, () => Response.json(answer));
    await expect(sealcast.history("news")).rejects.toMatchObject({ code: "unexpected-answer" });
  });
});

describe("trigger with an idempotency key", () => {
  test("sends the request again if it is not known whether the server has received it", async () => {
    let calls = 0;
    const { sealcast, platform } = fakeSealcast({}, () => {
      calls += 1;
      return calls === 1 ? lost() : Response.json({ channels: { orders: { position: { epoch: "e", offset: 3 } } } });
    });
    const answers = await sealcast.trigger("orders", "paid", 1, { idempotencyKey: "order-7", info: ["position"] });
    expect(answers.get("orders")).toMatchObject({ position: { epoch: "e", offset: 3 } });
    expect(platform.requests.map(({ body }) => body)).toMatchObject([
      { idempotency_key: "order-7", info: "position" },
      { idempotency_key: "order-7" },
    ]);
  });

  test("without one, sends it once", async () => {
    const { sealcast, platform } = fakeSealcast({}, lost);
    await expect(sealcast.trigger("orders", "paid", 1)).rejects.toMatchObject({ mayBeAccepted: true });
    expect(platform.requests).toHaveLength(1);
  });

  test("repeats a batch only if each of its events has one", async () => {
    const event = { channel: "orders", name: "paid", data: 1 };
    const { sealcast, platform } = fakeSealcast({}, lost);
    await expect(sealcast.triggerBatch([{ ...event, idempotencyKey: "a" }, event])).rejects.toBeDefined();
    expect(platform.requests).toHaveLength(1);
    await expect(sealcast.triggerBatch([{ ...event, idempotencyKey: "a" }])).rejects.toBeDefined();
    expect(platform.requests.length).toBeGreaterThan(2);
    expect(platform.requests.at(-1)?.body).toEqual({
      batch: [{ channel: "orders", name: "paid", data: "1", idempotency_key: "a" }],
    });
  });

  test.each(["", "a b", "x".repeat(81), "é"])("the key %j is refused", async (idempotencyKey) => {
    const { sealcast } = fakeSealcast();
    await expect(sealcast.trigger("orders", "paid", 1, { idempotencyKey })).rejects.toMatchObject({
      code: "invalid-argument",
    });
  });
});

/** A connection that breaks before the answer arrives. */
function lost(): never {
  const cause = Object.assign(new Error("reset"), { code: "ECONNRESET" });
  throw Object.assign(new TypeError("fetch failed"), { cause });
}
