import { createHash } from "node:crypto";
import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import type { AppKey } from "@sealcast/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callApi, publish, send, type ApiRequest } from "../../fixtures/api-request.ts";
import { otherApp } from "../../fixtures/other-app.ts";
import { RawClient } from "../../fixtures/raw-client.ts";

let server: TestServer;
/** Sits beside every fault and must notice none of them. */
let healthy: RawClient;
beforeAll(async () => {
  const app = testApp({ subscriptionCount: false });
  const second = { key: "second-key" as AppKey, secret: "second-secret" };
  server = await startServer({
    apps: [
      { ...app, credentials: [...app.credentials, second] },
      otherApp("disabled", { enabled: false }),
      otherApp("slow", { publishesPerSecond: 5 }),
    ],
  });
  healthy = await RawClient.connect(server.port);
  await healthy.subscribe("healthy");
});
afterAll(() => server.close());

const now = Math.floor(Date.now() / 1_000);
const iso = (seconds: number): string => new Date(seconds * 1_000).toISOString().replace(".000Z", "Z");
const good = { name: "e", channel: "healthy", data: "1" } as const;
const events = (body: unknown, more: Partial<ApiRequest> = {}): ApiRequest => ({ path: "/events", body, ...more });
const signed = (more: Partial<ApiRequest>): ApiRequest => events(good, more);
const batch = (elements: readonly unknown[]): ApiRequest => ({ path: "/batch_events", body: { batch: elements } });
const get = (path: string, query: ApiRequest["query"] = []): ApiRequest => ({ method: "GET", path, query });
const elevenEvents = Array.from({ length: 11 }, () => good);

function says(line: string, wanted: string | RegExp): boolean {
  return typeof wanted === "string" ? line === wanted : wanted.test(line);
}

describe("faults of the HTTP API", () => {
  test.each<readonly [string, ApiRequest, number, string | RegExp]>([
    ["[HTTP9] no key", signed({ auth: { auth_key: undefined } }), 401, "Missing parameter: auth_key"],
    ["[HTTP9] an unknown key", signed({ key: "nobody" }), 401, "Unknown auth_key"],
    ["[HTTP9] another app's key", signed({ key: "disabled" }), 401, "Unknown auth_key"],
    ["[HTTP9] no version", signed({ auth: { auth_version: undefined } }), 401, "Version required"],
    ["[HTTP9] another version", signed({ auth: { auth_version: "1.1" } }), 401, "Version not supported"],
    ["[HTTP9] no time", signed({ auth: { auth_timestamp: undefined } }), 401, "Timestamp required"],
    [
      "[HTTP9] a stale time",
      signed({ auth: { auth_timestamp: "1700000000" } }),
      401,
      /^Timestamp expired: Given timestamp \(2023-11-14T22:13:20Z\) not within 600s of server time \(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\)$/,
    ],
    [
      "[HTTP9] a time to come",
      signed({ auth: { auth_timestamp: String(now + 700) } }),
      401,
      new RegExp(`^Timestamp expired: Given timestamp \\(${iso(now + 700)}\\) not within 600s`),
    ],
    ["[HTTP9] a time that is none", signed({ auth: { auth_timestamp: "now" } }), 401, /^Timestamp expired: /],
    [
      "[HTTP9] another secret",
      signed({ secret: "other" }),
      401,
      /^Invalid signature: you should have sent HmacSHA256Hex\("/,
    ],
    ["[HTTP9] no signature", signed({ change: { auth_signature: undefined } }), 401, /^Invalid signature: /],
    ["[HTTP9] a short signature", signed({ change: { auth_signature: "00" } }), 401, /but you sent "00"$/],
    [
      "[HTTP9] a parameter changed",
      signed({ change: { auth_version: "1.0", more: "1" } }),
      401,
      /^Invalid signature: /,
    ],
    [
      "[HTTP10] another body",
      signed({ sentBody: '{"name":"e","channel":"healthy","data":"2"}' }),
      401,
      "Invalid body_md5",
    ],
    ["[HTTP10] a body without its MD5", signed({ auth: { body_md5: undefined } }), 401, "Invalid body_md5"],
    ["[HTTP10] no body for an MD5", signed({ sentBody: "" }), 401, "Invalid body_md5"],
    [
      "[HTTP10] an MD5 in upper case",
      signed({ auth: { body_md5: createHash("md5").update(JSON.stringify(good)).digest("hex").toUpperCase() } }),
      401,
      "Invalid body_md5",
    ],
    ["[HTTP13] no name", events({ channel: "healthy", data: "1" }), 400, "Missing required parameter: name"],
    ["[HTTP13] no data", events({ name: "e", channel: "healthy" }), 400, "Missing required parameter: data"],
    ["[HTTP13] no channel", events({ name: "e", data: "1" }), 400, "Missing required parameter: channel"],
    [
      "[HTTP13] an empty list of channels",
      events({ name: "e", channels: [], data: "1" }),
      400,
      "Missing required parameter: channel",
    ],
    ["[HTTP13] channels as text", events({ name: "e", channels: "healthy", data: "1" }), 400, /^Invalid channels: /],
    [
      "[HTTP13] data of another type",
      events({ ...good, data: { a: 1 } }),
      400,
      /^Invalid data: expected a string, got an object/,
    ],
    ["[HTTP13] a bad channel name", events({ ...good, channel: "a b" }), 400, /^Invalid channel name "a b": /],
    ["[HTTP13] a long channel name", events({ ...good, channel: "a".repeat(165) }), 400, /^Invalid channel name /],
    ["[HTTP13] a name of another type", events({ ...good, name: 7 }), 400, /^Invalid event name a number: /],
    ["[HTTP13] an empty name", events({ ...good, name: "" }), 400, /^Invalid event name "": /],
    ["[HTTP13] a long name", events({ ...good, name: "e".repeat(201) }), 400, /^Invalid event name /],
    ["[HTTP13] a name of the service", events({ ...good, name: "pusher:ping" }), 400, /are reserved$/],
    ["[HTTP13] a forged member", events({ ...good, name: "pusher_internal:member_added" }), 400, /are reserved$/],
    ["[HTTP13] a bad socket id", events({ ...good, socket_id: "1" }), 400, /^Invalid socket id "1": /],
    [
      "[HTTP13] 101 channels",
      events({ name: "e", data: "1", channels: Array.from({ length: 101 }, (_, i) => `c${i}`) }),
      400,
      "Too many channels (101 > 100)",
    ],
    ["[HTTP13] 11 events", batch(elevenEvents), 400, "Batch too large (11 > 10)"],
    ["[HTTP13] no batch", { path: "/batch_events", body: {} }, 400, "Missing required parameter: batch"],
    [
      "[HTTP13] a batch of another type",
      { path: "/batch_events", body: { batch: {} } },
      400,
      /^Invalid batch: expected an array/,
    ],
    ["[HTTP2] one bad event among good ones", batch([good, { ...good, name: "" }]), 400, /\(event 2 of the batch\)$/],
    ["[HTTP2] an event that is no object", batch([good, null]), 400, /^Invalid batch: expected an object/],
    [
      "[HTTP2] an event without a channel",
      batch([{ name: "e", data: "1" }]),
      400,
      /^Missing required parameter: channel/,
    ],
    [
      "[HTTP2] one too large event",
      batch([good, { ...good, data: "x".repeat(10_241) }]),
      413,
      /^The data content of this event exceeds/,
    ],
    ["[HTTP13] a body that is no JSON", events("{"), 400, "Invalid body: it must be JSON"],
    ["[HTTP13] a body that is no object", events("[]"), 400, "Invalid body: it must be a JSON object"],
    ["[HTTP13] an unknown attribute", events({ ...good, info: "everything" }), 400, /^Invalid info: "everything"/],
    [
      "[HTTP14] large data",
      events({ ...good, data: "é".repeat(5_121) }),
      413,
      /^The data content of this event exceeds the allowed maximum \(10240 bytes\)\./,
    ],
    [
      "[ENC2] plaintext on an encrypted channel",
      events({ ...good, channel: "private-encrypted-a" }),
      400,
      /^Data on an encrypted channel must be /,
    ],
    [
      "[ENC2] plaintext in a batch",
      batch([good, { ...good, channel: "private-encrypted-cache-a" }]),
      400,
      /^Data on an encrypted channel must be /,
    ],
    [
      "[HTTP4] user_count without a prefix",
      get("/channels", [["info", "user_count"]]),
      400,
      "user_count may only be requested for presence channels - please supply filter_by_prefix begining with presence-",
    ],
    [
      "[HTTP4] user_count of private channels",
      get("/channels", [
        ["info", "user_count"],
        ["filter_by_prefix", "private-"],
      ]),
      400,
      /^user_count may only be requested for presence channels/,
    ],
    [
      "[HTTP5] user_count of a public channel",
      get("/channels/a", [["info", "user_count"]]),
      400,
      "Cannot retrieve the user count unless the channel is a presence channel",
    ],
    [
      "[HTTP5] cache of an uncached channel",
      get("/channels/a", [["info", "cache"]]),
      400,
      /^Cannot retrieve the cache/,
    ],
    [
      "[HTTP5] a count that the app does not have",
      get("/channels/a", [["info", "subscription_count"]]),
      400,
      /^Cannot retrieve the subscription count/,
    ],
    ["[HTTP5] a bad channel name", get("/channels/a%20b"), 400, /^Invalid channel name "a b"/],
    [
      "[HTTP6] users of a public channel",
      get("/channels/a/users"),
      400,
      "Users can only be retrieved for presence channels",
    ],
    ["[HTTP7] a bad user id", { path: "/users/a%20b/terminate_connections", body: {} }, 400, /^Invalid user id "a b"/],
    ["[HTTP8] no name", { path: "/channels/healthy/events", body: "1" }, 400, "Missing required parameter: name"],
    ["[HTTP15] an unknown app", { ...signed({}), appId: "9999" }, 404, "No app has this id"],
    ["[HTTP15] an app from an object's prototype", { ...signed({}), appId: "__proto__" }, 404, "No app has this id"],
    ["[HTTP15] a disabled app", signed({ appId: "disabled", key: "disabled" }), 403, "The app is disabled"],
    ["[HTTP15] another path", get("/nothing"), 404, /^Nothing here: /],
    ["[HTTP15] a longer path", get("/channels/a/users/1"), 404, /^Nothing here: /],
    ["[HTTP15] another method", { method: "DELETE", path: "/channels/a" }, 405, "Method not allowed: use GET or HEAD"],
  ])("%s", async (_, request, status, text) => {
    const answer = await callApi(server.port, request);
    expect(answer.body.endsWith("\n")).toBe(true);
    const line = answer.body.slice(0, -1);
    expect({ line, asWanted: says(line, text) }).toMatchObject({ asWanted: true });
    expect(answer).toMatchObject({ status, type: "text/plain; charset=utf-8" });
    await publish(server.port, "healthy", "after", "1");
    await healthy.next("after", "healthy");
    expect(await healthy.settled()).toEqual([]);
  });

  test("[HTTP9] [ERR2] the text of a bad signature says what to sign, and not what would be right", async () => {
    const answer = await callApi(server.port, signed({ secret: "other", auth: { auth_timestamp: String(now) } }));
    const md5 = createHash("md5").update(JSON.stringify(good)).digest("hex");
    expect(answer.body).toMatch(
      `HmacSHA256Hex("POST\\n/apps/1001/events\\nauth_key=app-key&auth_timestamp=${now}&auth_version=1.0&body_md5=${md5}", your_secret_key)`,
    );
    expect(answer.body).not.toContain("app-secret");
  });

  test("[HTTP9] the checks come in their order", async () => {
    const wrong = { auth_key: undefined, auth_version: "2", auth_timestamp: "1", auth_signature: "0" };
    const texts: string[] = [];
    for (const fix of [{}, { auth_key: "app-key" }, { auth_version: "1.0" }, { auth_timestamp: String(now) }]) {
      Object.assign(wrong, fix);
      texts.push((await callApi(server.port, signed({ auth: wrong, change: wrong, sentBody: "{}" }))).body);
    }
    expect(texts.map((text) => text.split(/[:\n]/)[0])).toEqual([
      "Missing parameter",
      "Version not supported",
      "Timestamp expired",
      "Invalid signature",
    ]);
  });

  test.each([
    [599, 200],
    [-599, 200],
    [601, 401],
    [-601, 401],
  ])("[HTTP9] a clock that is %i seconds off: %i", async (offset, status) => {
    // Taken just now: a slow run must not move the edge.
    const timestamp = Math.floor(Date.now() / 1_000) + offset - Math.sign(offset) * (status === 200 ? 2 : 0);
    const answer = await callApi(server.port, {
      ...get("/channels"),
      auth: { auth_timestamp: String(timestamp) },
    });
    expect(answer.status).toBe(status);
  });

  test("[HTTP14] a body above what any request needs", async () => {
    const answer = await callApi(server.port, events({ ...good, padding: "x".repeat(2_000_000) }));
    expect(answer.status).toBe(413);
    await publish(server.port, "healthy", "after", "1");
    await healthy.next("after", "healthy");
  });

  test("[HTTP13] a body that is not UTF-8", async () => {
    const body = Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    const md5 = createHash("md5").update(body).digest("hex");
    const answer = await callApi(server.port, { path: "/events", auth: { body_md5: md5 }, sentBody: body });
    expect(answer).toMatchObject({ status: 400, body: "Invalid body: it must be UTF-8\n" });
  });

  test("[HTTP15] a method that the path does not have names those that it has", async () => {
    const answer = await callApi(server.port, { method: "PUT", path: "/events", body: good });
    expect(answer.status).toBe(405);
    expect(answer.headers["allow"]).toBe("POST");
  });

  test.each(["/apps", "/apps/", "/apps/1001", "/favicon.ico", "/%ff"])("[HTTP15] nothing is at %s", async (target) => {
    expect((await send(server.port, "GET", target)).status).toBe(404);
  });

  test("[HTTP16] above the app's rate: 429, with when to come back", async () => {
    const slow = { appId: "slow", key: "slow" };
    const full = { ...batch(Array.from({ length: 5 }, () => good)), ...slow };
    // Ten seconds' worth at once: however slow the machine, some come too early.
    const answers = await Promise.all(Array.from({ length: 10 }, () => callApi(server.port, full)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]));
    expect(answers.find(({ status }) => status === 429)?.headers["retry-after"]).toBe("1");
    await healthy.settled();
  });

  test("[HTTP17] each of the app's keys signs", async () => {
    for (const [key, secret, status] of [
      ["app-key", "app-secret", 200],
      ["second-key", "second-secret", 200],
      ["second-key", "app-secret", 401],
    ] as const) {
      expect((await callApi(server.port, { ...get("/channels"), key, secret })).status).toBe(status);
    }
  });
});
