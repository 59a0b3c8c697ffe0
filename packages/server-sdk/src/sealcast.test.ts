import { inspect } from "node:util";
import { encodeBase64 } from "@sealcast/crypto";
import { describe, expect, test, vi } from "vitest";
import { Sealcast } from "./sealcast.ts";
import type { SealcastOptions } from "./sealcast-options.ts";
import { fakeSealcast, masterKey } from "./testing/fake-sealcast.ts";

const T = 1_700_000_100_000;
const ring = [{ key: masterKey("a") }, { key: masterKey("b"), from: new Date(T) }];

describe("address", () => {
  test.each([
    [{}, "http://127.0.0.1:6001/apps/7/channels"],
    [{ port: 7001 }, "http://127.0.0.1:7001/apps/7/channels"],
    [{ host: "rt.example.com" }, "https://rt.example.com/apps/7/channels"],
    [{ host: "rt.example.com", useTLS: false, port: 80 }, "http://rt.example.com:80/apps/7/channels"],
    [{ host: "localhost" }, "http://localhost:6001/apps/7/channels"],
    [{ host: "127.0.0.1" }, "http://127.0.0.1:6001/apps/7/channels"],
    [{ host: "127.8.0.1" }, "http://127.8.0.1:6001/apps/7/channels"],
    [{ host: "::1" }, "http://[::1]:6001/apps/7/channels"],
    [{ host: "[::1]" }, "http://[::1]:6001/apps/7/channels"],
    [{ host: "rt.localhost" }, "http://rt.localhost:6001/apps/7/channels"],
    [{ host: "127.0.0.1", useTLS: true }, "https://127.0.0.1:6001/apps/7/channels"],
    [{ host: "127.0.0.1.example.com" }, "https://127.0.0.1.example.com/apps/7/channels"],
    [{ host: "2001:db8::1", port: "8443" }, "https://[2001:db8::1]:8443/apps/7/channels"],
    [{ useTLS: true }, "https://127.0.0.1:6001/apps/7/channels"],
    [{ cluster: "eu" }, "https://api-eu.pusher.com/apps/7/channels"],
    [{ host: "h", pathPrefix: "/realtime" }, "https://h/realtime/apps/7/channels"],
  ])("of %j is %s", async (options, url) => {
    expect(await urlOf(construct, options)).toBe(url);
  });

  test.each([
    ["https://k:s@rt.example.com/apps/7", "https://rt.example.com/apps/7/channels"],
    ["http://k:s@127.0.0.1:6001/apps/seven", "http://127.0.0.1:6001/apps/seven/channels"],
    ["http://k:s@127.0.0.1/apps/7", "http://127.0.0.1:80/apps/7/channels"],
    ["https://k:s@h:9/prefix/apps/7", "https://h:9/prefix/apps/7/channels"],
  ])("of the URL %s", async (url, expected) => {
    expect(await urlOf((options) => Sealcast.forURL(url, { ...options, port: 1 }))).toBe(expected);
  });

  test("is that of the cluster with forCluster, even if the options name a host", async () => {
    expect(await urlOf((options) => Sealcast.forCluster("eu", options), { host: "h" })).toBe(
      "https://api-eu.pusher.com/apps/7/channels",
    );
  });

  test.each([
    "",
    "not a url",
    "https://h/apps/7",
    "https://k:hidden@h/",
    "https://k:hidden@h/apps/",
    "https://k@h/apps/7",
  ])("is refused as the URL %j, without repeating a secret", (url) => {
    expect(() => Sealcast.forURL(url)).toThrow("SCHEME://KEY:SECRET@HOST:PORT/apps/APP_ID");
    expect(() => Sealcast.forURL(url)).not.toThrow("hidden");
  });

  test.each([
    [{ key: "" }, "The option key is missing: expected text, got empty text"],
    [{ appId: "" }, "The option appId is missing: expected text, got empty text"],
    [{ secret: undefined }, "The option secret is missing: expected text, got nothing"],
    [{ useTls: false }, 'new Sealcast has no option "useTls": did you mean useTLS?'],
    [{ encryptionMasterKey: masterKey("a") }, "did you mean encryptionMasterKeyBase64?"],
    [{ encryptionMasterKeyBase46: masterKey("a") }, "did you mean encryptionMasterKeyBase64?"],
    [{ timeout: 5_000 }, "did you mean timeoutMs?"],
    [{ hots: "h" }, "did you mean host?"],
    [{ somethingElse: 1 }, 'new Sealcast has no option "somethingElse"'],
    [{ __proto__key: 1 }, 'new Sealcast has no option "__proto__key"'],
    [{ constructor: 1 }, 'new Sealcast has no option "constructor"'],
    [{ host: "http://rt.example.com" }, "without http://: set host and port and useTLS: false, or use Sealcast.forURL"],
    [{ host: "https://rt.example.com" }, "without https://: set host and port, or use Sealcast.forURL"],
    [{ host: "rt.example.com:6001" }, "The option host must be a host name only"],
    [{ host: "rt.example.com/path" }, "The option host must be a host name only"],
    [{ host: "k:s@rt.example.com" }, "The option host must be a host name only"],
    [{ host: "" }, "The option host must be a host name, got empty text"],
    [{ host: 5 }, "The option host must be a host name, got a number"],
    [{ host: "h", cluster: "eu" }, "Set the option host or cluster, not both"],
    [{ port: "abc" }, 'The option port must be a number from 1 to 65535, got "abc"'],
    [{ port: 0 }, "The option port must be a number from 1 to 65535, got 0"],
    [{ port: 65_536 }, "The option port must be a number from 1 to 65535, got 65536"],
    [{ port: "" }, 'The option port must be a number from 1 to 65535, got ""'],
    [{ useTLS: "false" }, "The option useTLS must be true or false, got a string"],
    [{ cluster: "eu.pusher.com/" }, "The option cluster must be the name of a cluster"],
    [{ pathPrefix: "realtime" }, "The option pathPrefix must start with a slash"],
    [{ pathPrefix: "/realtime/" }, "The option pathPrefix must start with a slash and not end with one"],
    [{ timeoutMs: "5s" }, "The option timeoutMs must be a number of at least 0, got a string"],
    [{ retries: -1 }, "The option retries must be a number of at least 0, got -1"],
    [{ maxDataBytes: NaN }, "The option maxDataBytes must be a number of at least 0, got NaN"],
    [{ fetch: "fetch" }, "new Sealcast needs the option fetch: a function, got a string"],
    [{ encryption: { ring, quietMs: 5 } }, 'The option encryption has no option "quietMs"'],
    [{ encryption: { keys: ring } }, "did you mean ring?"],
    [{ encryptionMasterKeyBase64: "short" }, "Key 0 of the ring must be base64 of 32 random bytes"],
    [{ encryptionMasterKeyBase64: masterKey("a").slice(4) }, "Invalid master key: expected 32 bytes, got 29"],
    [{ encryptionMasterKeyBase64: masterKey("a"), encryption: { ring } }, "not both"],
    [{ encryption: { ring: [] } }, "at least one key"],
    [
      { encryption: { ring: [{ key: masterKey("a"), from: "soon" }] } },
      "Key 0 of the ring has a time that cannot be read",
    ],
    [{ encryption: { ring: [ring[0], { ...ring[0], from: 5 }] } }, "expected different random keys"],
    [{ encryption: { ring: [{ key: undefined }] } }, "Key 0 of the ring must be base64 of 32 random bytes"],
    [{ encryption: { ring: [masterKey("a")] } }, "Key 0 of the ring must be base64 of 32 random bytes"],
    [{ encryption: { ring: [null] } }, "Key 0 of the ring must be base64 of 32 random bytes"],
    [{ encryption: { ring: masterKey("a") } }, "The option encryption needs a ring: a list of keys"],
    [{ encryption: {} }, "The option encryption needs a ring: a list of keys"],
    [{ encryption: null }, "The option encryption needs a ring: a list of keys"],
    [{ encryptionMasterKeyBase64: null }, "Key 0 of the ring must be base64 of 32 random bytes"],
    [
      { encryption: { ring: [{ key: masterKey("a"), derivation: "hmac" }] } },
      "Key 0 of the ring must have the derivation sha256 or dotnet",
    ],
  ])("is refused with %j", (options: object, message) => {
    const build = (): Sealcast => construct({ appId: 7, key: "k", secret: "s", ...options });
    expect(build).toThrow(message);
    expect(build).toThrow(expect.objectContaining({ code: "invalid-options" }) as Error);
  });
});

test.each([
  { ring: [{ key: "2026-01-01", from: masterKey("a") }] },
  { ring: [{ key: masterKey("b"), from: masterKey("a") }] },
  { ring: [{ key: masterKey("b"), derivation: masterKey("a") }] },
  { ring: [{ key: masterKey("b") }], rotationPauseMs: masterKey("a") },
  { ring: [{ key: masterKey("b") }], staggerMs: masterKey("a") },
  { ring: [{ key: masterKey("b") }], overlapMs: masterKey("a") },
])("an error never contains a key that is in the wrong place: row %#", (encryption) => {
  const options: object = { appId: 7, key: "k", secret: "s", encryption };
  const build = (): Sealcast => construct(options as SealcastOptions);
  expect(build).toThrow(expect.objectContaining({ code: "invalid-options" }) as Error);
  expect(build).not.toThrow(masterKey("a").slice(0, 20));
});

test.each([undefined, null, "https://key:hidden@h/apps/1"])("options of %j are refused", (options: unknown) => {
  expect(() => construct(options as SealcastOptions)).toThrow("new Sealcast needs an object of options, got");
  expect(() => construct(options as SealcastOptions)).not.toThrow("hidden");
});

describe("authorizeChannel", () => {
  const [secretA, secretB] = ["a", "b"].map((letter) => {
    const { sealcast } = fakeSealcast({ encryptionMasterKeyBase64: masterKey(letter) });
    return encodeBase64(sealcast.channelSharedSecret("private-encrypted-a"));
  });

  test.each([
    [T - 1, secretA, [secretA, secretB]],
    [T + 999, secretA, [secretA, secretB]],
    [T + 1_000, secretB, [secretB, secretA]],
    [T + 2_100_000, secretB, [secretB]],
  ])("[R3 R4] returns the secrets of time %i", (nowMs, shared, secrets) => {
    expect(secretsAt(nowMs, false)).toEqual({
      auth: expect.stringMatching(/^app-key:[0-9a-f]{64}$/) as string,
      shared_secret: shared,
    });
    expect(secretsAt(nowMs, true)).toMatchObject({
      shared_secret: shared,
      e2e: { v: 1, now: nowMs, secrets, refresh_ms: expect.any(Number) as number },
    });
  });

  test("[R4] puts the same secret first in both fields, even if it changes between two readings of the clock", () => {
    for (let startMs = T + 990; startMs <= T + 1_000; startMs += 1) {
      const now = (): number => (platform.nowMs += 1);
      const { sealcast, platform } = fakeSealcast({ encryption: { ring, rotationPauseMs: 2_000 }, platform: { now } });
      platform.nowMs = startMs;
      const answer = sealcast.authorizeChannel("1.2", "private-encrypted-a", undefined, { endToEnd: true });
      expect(answer).toHaveProperty(["e2e", "secrets", 0], answer.shared_secret);
    }
  });

  test.each([
    ["a public channel", "public", undefined, "needs no authorization: anyone may subscribe"],
    ["presence without data", "presence-a", undefined, "needs presence data"],
    ["presence with an empty id", "presence-a", { user_id: "" }, "needs presence data"],
    ["a forged sign-in", ':user::{"id":"admin"}', undefined, "Invalid channel name"],
    ["an encrypted channel without a key", "private-encrypted-a", undefined, "encryptionMasterKey is not set"],
  ])("refuses %s", (_, channel, presence, message) => {
    expect(() => fakeSealcast().sealcast.authorizeChannel("1.2", channel, presence)).toThrow(message);
  });

  test("signs the documented examples", () => {
    const sealcast = new Sealcast({ appId: "3", key: "278d425bdf160c739803", secret: "7ad3773142a6692b25b8" });
    expect(sealcast.authorizeChannel("1234.1234", "private-foobar").auth).toBe(
      "278d425bdf160c739803:58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4",
    );
    expect(
      sealcast.authenticateUser("1234.1234", { id: "12345", user_info: { name: "Ada" }, watchlist: ["2", "3"] }).auth,
    ).toBe("278d425bdf160c739803:f0b975953a201ad748193c9176fcddb95098b3e0c8918112003649c937e6219a");
  });
});

describe("a key ring", () => {
  test("accepts a key whose last character has unused bits, as the official libraries do", () => {
    const [usual, odd] = ["A", "B"].map((last) =>
      fakeSealcast({ encryptionMasterKeyBase64: `${masterKey("a").slice(0, 42)}${last}=` }),
    );
    const secretOf = (fake = usual): Uint8Array | undefined =>
      fake?.sealcast.channelSharedSecret("private-encrypted-a");
    expect(secretOf(odd)).toEqual(secretOf(usual));
  });

  test("can be replaced without a restart", () => {
    const { sealcast, platform } = fakeSealcast({ encryptionMasterKeyBase64: masterKey("a") });
    const before = sealcast.channelSharedSecret("private-encrypted-a");
    expect(sealcast.nextRotation("private-encrypted-a")).toBeUndefined();
    sealcast.replaceRing({ ring, rotationPauseMs: 0 });
    expect(sealcast.nextRotation("private-encrypted-a")).toEqual(new Date(T));
    expect(sealcast.channelSharedSecret("private-encrypted-a")).toEqual(before);
    platform.nowMs = T;
    expect(sealcast.channelSharedSecret("private-encrypted-a")).not.toEqual(before);
  });

  test("warns once of a weak key, and once of a channel with a prefix in upper case", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const weak = Buffer.from("this is 32 bytes 123456789012345").toString("base64");
    for (let time = 0; time < 2; time += 1) {
      const { sealcast } = fakeSealcast({ encryptionMasterKeyBase64: weak });
      expect(() => sealcast.authorizeChannel("1.2", "PRIVATE-encrypted-a")).toThrow("needs no authorization");
    }
    expect(warn.mock.calls.map(([text]) => String(text).slice(0, 40))).toEqual([
      "An encryption master key looks weak: use",
      'Channel "PRIVATE-encrypted-a" is not enc',
    ]);
    expect(String(warn.mock.calls)).not.toContain(weak);
    warn.mockRestore();
  });

  test.each([
    ["channelSharedSecret", (sealcast: Sealcast) => sealcast.channelSharedSecret("private-encrypted-a")],
    ["replaceRing", (sealcast: Sealcast) => sealcast.replaceRing({ ring })],
    ["nextRotation", (sealcast: Sealcast) => sealcast.nextRotation("private-encrypted-a")],
  ])("is needed by %s", (_, use) => {
    expect(() => use(fakeSealcast().sealcast)).toThrow("no encryption key is set");
  });

  test("is needed by republish", async () => {
    await expect(fakeSealcast().sealcast.republish([])).rejects.toMatchObject({ code: "no-encryption-key" });
  });
});

test("an instance works through a proxy, and printing it shows no secret", async () => {
  const { sealcast, platform } = fakeSealcast();
  const proxied = new Proxy(sealcast, {});
  await proxied.trigger("a", "e", 1);
  expect(platform.requests).toHaveLength(1);
  expect(proxied.authorizeChannel("1.2", "private-a")).toEqual(sealcast.authorizeChannel("1.2", "private-a"));
  expect(`${inspect(sealcast, { depth: 9 })}${JSON.stringify(sealcast)}`).not.toContain("app-secret");
});

describe("users", () => {
  test("are sent events and disconnected by id", async () => {
    const { sealcast, platform } = fakeSealcast();
    await sealcast.sendToUser("u-1", "e", { x: 1 });
    await sealcast.terminateUserConnections("u-1");
    expect(platform.requests).toMatchObject([
      { path: "/events", body: { name: "e", data: '{"x":1}', channels: ["#server-to-user-u-1"] } },
      { path: "/users/u-1/terminate_connections", method: "POST", body: {} },
    ]);
  });

  test.each(["", "a/b", "../x", "a b", "a".repeat(200)])("are refused with the id %j", async (userId) => {
    const { sealcast, platform } = fakeSealcast();
    await expect(sealcast.terminateUserConnections(userId)).rejects.toMatchObject({ code: "invalid-argument" });
    await expect(sealcast.sendToUser(userId, "e", 1)).rejects.toMatchObject({ code: "invalid-argument" });
    expect(platform.requests).toEqual([]);
  });
});

function construct(options: SealcastOptions): Sealcast {
  return new Sealcast(options);
}

/** Where a client asks. */
async function urlOf(
  build: (options: SealcastOptions) => Sealcast,
  options: Partial<SealcastOptions> = {},
): Promise<string> {
  const urls: string[] = [];
  const fetch = (url: string): Promise<Response> => {
    urls.push(url);
    return Promise.resolve(Response.json({ channels: {} }));
  };
  await build({ appId: 7, key: "k", secret: "s", ...options, fetch }).channels();
  return urls[0]?.split("?")[0] ?? "";
}

function secretsAt(nowMs: number, endToEnd: boolean): unknown {
  const { sealcast, platform } = fakeSealcast({ encryption: { ring, rotationPauseMs: 2_000 } });
  platform.nowMs = nowMs;
  return sealcast.authorizeChannel("1.2", "private-encrypted-a", undefined, { endToEnd });
}
