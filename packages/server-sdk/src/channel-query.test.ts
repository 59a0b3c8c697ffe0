import { describe, expect, test } from "vitest";
import { deriveChannelKey, decodeBase64, sealPayload } from "@sealcast/crypto";
import { fakeSealcast, masterKey } from "./testing/fake-sealcast.ts";

const channel = "private-encrypted-cache-a";
const sealedWith = (letter: string, text: string): string =>
  sealPayload(
    deriveChannelKey(decodeBase64(masterKey(letter)) ?? new Uint8Array(), channel),
    new Uint8Array(24).fill(letter.charCodeAt(0)),
    text,
  );
const T = 1_700_000_100_000;
const encryption = { ring: [{ key: masterKey("a") }, { key: masterKey("b"), from: T }], rotationPauseMs: 2_000 };

describe("channels", () => {
  test("are listed with their counts, under any legal name", async () => {
    const { sealcast, platform } = fakeSealcast({}, () =>
      Response.json(JSON.parse('{"channels":{"presence-a":{"user_count":2},"__proto__":{}}}')),
    );
    expect([...(await sealcast.channels({ prefix: "presence-", info: ["user_count"] }))]).toEqual([
      ["presence-a", { userCount: 2, subscriptionCount: undefined }],
      ["__proto__", { userCount: undefined, subscriptionCount: undefined }],
    ]);
    expect(platform.requests[0]?.params).toEqual({ filter_by_prefix: "presence-", info: "user_count" });
  });

  test("are described one by one", async () => {
    const { sealcast, platform } = fakeSealcast({}, () =>
      Response.json({ occupied: true, subscription_count: 3, cache: null }),
    );
    expect(await sealcast.channel("a", ["subscription_count", "cache"])).toEqual({
      occupied: true,
      userCount: undefined,
      subscriptionCount: 3,
      cache: undefined,
    });
    expect(platform.requests[0]).toMatchObject({ path: "/channels/a", params: { info: "subscription_count,cache" } });
  });

  test("list their users", async () => {
    const { sealcast, platform } = fakeSealcast({}, () => Response.json({ users: [{ id: "1" }, { id: "2" }] }));
    expect(await sealcast.users("presence-a")).toEqual(["1", "2"]);
    expect(platform.requests[0]?.path).toBe("/channels/presence-a/users");
  });

  test.each([
    ["channels", { wrong: 1 }],
    ["channel", { occupied: "yes" }],
    ["users", { users: {} }],
    ["users", []],
  ] as const)("reject an answer of another shape: %s %j", async (method, answer) => {
    const { sealcast } = fakeSealcast({}, () => Response.json(answer));
    const ask = {
      channels: () => sealcast.channels(),
      channel: () => sealcast.channel("a"),
      users: () => sealcast.users("presence-a"),
    };
    await expect(ask[method]()).rejects.toMatchObject({ code: "unexpected-answer" });
  });

  test.each(["a/b", "a b", ""])("refuse the name %j", async (name) => {
    await expect(fakeSealcast().sealcast.channel(name)).rejects.toMatchObject({ code: "invalid-argument" });
    await expect(fakeSealcast().sealcast.users(name)).rejects.toMatchObject({ code: "invalid-argument" });
  });
});

describe("[R7] the kept event of a cache channel", () => {
  test.each([
    ["opened with the key in force", channel, sealedWith("a", '{"x":1}'), { data: '{"x":1}', encryption: "opened" }],
    ["opened with an announced key", channel, sealedWith("b", "1"), { data: "1", encryption: "opened" }],
    [
      "left as it is without its key",
      channel,
      sealedWith("c", "1"),
      { data: sealedWith("c", "1"), encryption: "unreadable" },
    ],
    ["returned as it is if the channel is not encrypted", "cache-a", "plain", { data: "plain", encryption: "none" }],
  ])("is %s", async (_, name, data, expected) => {
    const { sealcast } = fakeSealcast({ encryption }, () =>
      Response.json({ occupied: true, cache: { data, ttl: 60 } }),
    );
    expect((await sealcast.channel(name, ["cache"])).cache).toEqual({ ttlSeconds: 60, ...expected });
  });
});

describe("[R6] republish", () => {
  const event = "price";

  test("encrypts cached events again after the rotation, once, however many backends call it", async () => {
    const kept = new Map([[channel, sealedWith("a", '{"price":5}')]]);
    const { sealcast, platform } = keep(kept);
    const results = await sealcast.republish([{ channel, event }], "after-rotation");
    expect([...results]).toEqual([[channel, "republished"]]);
    expect(platform.requests.map(({ method, atMs }) => [method, atMs - T])).toEqual([
      ["GET", 2_000],
      ["POST", 2_000],
    ]);
    expect(platform.requests[1]?.body).toMatchObject({ name: event });
    expect(sealcast.channelSharedSecret(channel)).toEqual(
      deriveChannelKey(decodeBase64(masterKey("b")) ?? new Uint8Array(), channel),
    );
    expect((await sealcast.channel(channel, ["cache"])).cache).toMatchObject({
      data: '{"price":5}',
      encryption: "opened",
    });
    expect([...(await sealcast.republish([{ channel, event }]))]).toEqual([[channel, "current"]]);
  });

  test.each(['{"id":12345678901234567890,"a":1,"a":2}', "raw text of another library", " 1.0 "])(
    "changes nothing of the text %s",
    async (text) => {
      const { sealcast, platform } = keep(new Map([[channel, sealedWith("a", text)]]));
      platform.nowMs = T + 10_000;
      await sealcast.republish([{ channel, event }]);
      expect((await sealcast.channel(channel, ["cache"])).cache).toMatchObject({ data: text, encryption: "opened" });
    },
  );

  test.each([
    ["empty", undefined],
    ["unreadable", sealedWith("c", "1")],
    ["current", sealedWith("a", "1")],
  ])("does not publish a cached event that is %s", async (result, data) => {
    const { sealcast, platform } = keep(new Map(data === undefined ? [] : [[channel, data]]));
    expect([...(await sealcast.republish([{ channel, event }]))]).toEqual([[channel, result]]);
    expect(platform.requests.map(({ method }) => method)).toEqual(["GET"]);
  });
});

test("[R6] republish asks about ten channels at a time, however many there are", async () => {
  let underWay = 0;
  let most = 0;
  const { sealcast } = fakeSealcast({ encryption }, async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise(setImmediate);
    underWay -= 1;
    return Response.json({ occupied: false, cache: null });
  });
  const channels = Array.from({ length: 35 }, (_, index) => `private-encrypted-cache-${index}`);
  const results = await sealcast.republish(channels.map((name) => ({ channel: name, event: "price" })));
  expect([...results]).toEqual(channels.map((name) => [name, "empty"]));
  expect(most).toBe(10);
});

/** A server that keeps the last event of each channel. */
function keep(kept: Map<string, string>): ReturnType<typeof fakeSealcast> {
  return fakeSealcast({ encryption }, ({ method, path, body }) => {
    if (method === "POST") {
      const { channels, data } = body as { channels: string[]; data: string };
      for (const name of channels) kept.set(name, data);
      return Response.json({});
    }
    const data = kept.get(path.slice("/channels/".length));
    return Response.json({ occupied: false, cache: data === undefined ? null : { data, ttl: 60 } });
  });
}
