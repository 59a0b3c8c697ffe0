import { Agent } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import DropIn from "../pusher.ts";
import { bothClients, comparable, outcomeOf, type Answer, type Pusher } from "../testing/both-libraries.ts";
import { startCaptureServer, type CaptureServer } from "../testing/capture-server.ts";

let server: CaptureServer;
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: 1_700_000_000_000 });
  server = await startCaptureServer();
});
afterAll(async () => {
  vi.useRealTimers();
  await server.close();
});

function clientsOf(options: object = {}): ReturnType<typeof bothClients> {
  return bothClients({ host: "127.0.0.1", port: server.port, ...options });
}

const calls: readonly (readonly [string, (pusher: Pusher) => Promise<Answer>])[] = [
  ["an object", (p) => p.trigger("a", "e", { x: 1 })],
  ["text", (p) => p.trigger("a", "e", "str")],
  ["empty text", (p) => p.trigger("a", "e", "")],
  ["null", (p) => p.trigger("a", "e", null)],
  ["undefined", (p) => p.trigger("a", "e", undefined)],
  ["a number", (p) => p.trigger("a", "e", 5)],
  ["an array", (p) => p.trigger(["one", "two"], "e", [1, { b: [] }])],
  ["text beyond ASCII", (p) => p.trigger("a", "é\\Ω", { t: "Grüße, 世界, 😀, \ud800, \u2028" })],
  ["socket_id and info", (p) => p.trigger(["a", "b"], "e", "d", { socket_id: "1.2", info: "user_count" })],
  ["unknown parameters", (p) => p.trigger("a", "e", "d", { name: "other", extra: [1] })],
  ["all allowed characters", (p) => p.trigger("Az09_-=@,.;", "e", "d")],
  [
    "100 channels",
    (p) =>
      p.trigger(
        Array.from({ length: 100 }, (_, i) => `c${i}`),
        "e",
        "d",
      ),
  ],
  ["no channel", (p) => p.trigger([], "e", "d")],
  ["more than the limit of data", (p) => p.trigger("a", "e", "x".repeat(20_000))],
  ["an encrypted object", (p) => p.trigger("private-encrypted-a", "e", { x: "ü" })],
  ["encrypted text", (p) => p.trigger(["private-encrypted-a"], "e", "text", { socket_id: "1.2" })],
  ["on an encrypted cache channel", (p) => p.trigger("private-encrypted-cache-a", "e", [])],
  ["a prefix in upper case", (p) => p.trigger("Private-Encrypted-a", "e", 1)],
  [
    "a batch",
    (p) =>
      p.triggerBatch([
        { channel: "a", name: "e", data: { x: 1 } },
        { channel: "b", name: "f", data: "s" },
      ]),
  ],
  [
    "an encrypted batch",
    (p) =>
      p.triggerBatch([
        { data: { first: 1 }, name: "e", channel: "private-encrypted-a", socket_id: "1.2", info: "subscription_count" },
        { channel: "private-encrypted-b", name: "e", data: "2" },
        { channel: "plain", name: "e", data: undefined },
      ]),
  ],
  ["an empty batch", (p) => p.triggerBatch([])],
  [
    "eleven events",
    (p) => p.triggerBatch(Array.from({ length: 11 }, (_, i) => ({ channel: "a", name: "e", data: i }))),
  ],
  ["to a user", (p) => p.sendToUser("user-1", "e", { x: 1 })],
  ["terminate", (p) => p.terminateUserConnections("user@1")],
  ["get", (p) => p.get({ path: "/channels" })],
  [
    "get with parameters",
    (p) => p.get({ path: "/channels", params: { info: "user_count", filter_by_prefix: "presence-=@,;" } }),
  ],
  ["get with values that a URL escapes", (p) => p.get({ path: "/channels", params: { b: "a b", a: 'é"<' } })],
  ["post without a body", (p) => p.post({ path: "/x" })],
  ["post with a body and parameters", (p) => p.post({ path: "/x", params: { z: 1, b: true }, body: { y: null } })],
  ["get and no other method", (p) => p.get({ path: "/x", method: "POST" })],
  ["post and no other method", (p) => p.post({ path: "/x", method: "GET" })],
  ["post with a text body", (p) => p.post({ path: "/x", body: "text" })],
];

function circular(): object {
  const data: Record<string, unknown> = {};
  data["self"] = data;
  return data;
}

const refusedCalls: readonly (readonly [string, (pusher: Pusher) => Promise<Answer>])[] = [
  ["a space in a channel", (p) => p.trigger("a b", "e", 1)],
  ["an empty channel", (p) => p.trigger("", "e", 1)],
  ["a channel that is no text", (p) => p.trigger([5], "e", 1)],
  ["undefined as a channel", (p) => p.trigger(undefined, "e", 1)],
  ["a long channel", (p) => p.trigger("a".repeat(201), "e", 1)],
  ["a long event", (p) => p.trigger("a", "e".repeat(201), 1)],
  [
    "101 channels",
    (p) =>
      p.trigger(
        Array.from({ length: 101 }, () => "a"),
        "e",
        1,
      ),
  ],
  ["two encrypted channels", (p) => p.trigger(["private-encrypted-a", "private-encrypted-b"], "e", 1)],
  ["an encrypted and a plain channel", (p) => p.trigger(["a", "private-encrypted-b"], "e", 1)],
  ["data that refers to itself", (p) => p.trigger("a", "e", circular())],
  ["encrypted data that refers to itself", (p) => p.trigger("private-encrypted-a", "e", circular())],
  ["a bigint", (p) => p.trigger("a", "e", 10n)],
  ["a bad socket id", (p) => p.trigger("a", "e", 1, { socket_id: "1" })],
  ["a parameter of the signature", (p) => p.get({ path: "/channels", params: { auth_key: "x" } })],
  ["another parameter of the signature", (p) => p.post({ path: "/channels", params: { body_md5: "x" }, body: {} })],
  ["an empty user id", (p) => p.sendToUser("", "e", 1)],
  ["no user id", (p) => p.terminateUserConnections(undefined)],
  ["a long event to a user", (p) => p.sendToUser("a", "e".repeat(201), 1)],
];

describe("drop-in and official library", () => {
  beforeEach(() => {
    server.takeRequests();
  });

  test.each(calls)("send the same bytes: %s", async (_, call) => {
    const { official, ours } = clientsOf();
    const expected = await outcomeOf(() => call(official));
    const expectedRequests = server.takeRequests().map(comparable);
    expect(expectedRequests).toHaveLength(1);
    expect(await outcomeOf(() => call(ours))).toEqual(expected);
    expect(server.takeRequests().map(comparable)).toEqual(expectedRequests);
  });

  test.each(calls.slice(0, 3))("send the same bytes through an agent: %s", async (_, call) => {
    const agent = new Agent({ keepAlive: false });
    const { official, ours } = clientsOf({ agent, timeout: 5_000 });
    const expected = await outcomeOf(() => call(official));
    const expectedRequests = server.takeRequests();
    expect(await outcomeOf(() => call(ours))).toEqual(expected);
    const requests = server.takeRequests();
    expect(requests.map(comparable)).toEqual(expectedRequests.map(comparable));
    expect(requests.map(({ headers }) => headers.connection)).toEqual(["close"]);
  });

  test.each(refusedCalls)("refuse with the same text, thrown at once: %s", async (_, call) => {
    const { official, ours } = clientsOf();
    const expected = await outcomeOf(() => call(official));
    expect(expected).toHaveProperty("thrown");
    expect(await outcomeOf(() => call(ours))).toEqual(expected);
    expect(server.takeRequests()).toEqual([]);
  });

  test.each([
    [200, '{"channels":{"a":{"user_count":1}}}'],
    [202, ""],
    [400, "Missing required parameter: channel\n"],
    [401, "Invalid signature"],
    [413, "too large"],
    [500, ""],
    [503, "later"],
  ])("answer status %i alike, and ask once", async (status, body) => {
    const { official, ours } = clientsOf();
    server.answerWith({ status, body }, { status, body });
    const expected = await outcomeOf(() => official.trigger("a", "e", 1));
    expect(await outcomeOf(() => ours.trigger("a", "e", 1))).toEqual(expected);
    expect(server.takeRequests()).toHaveLength(2);
  });

  test.each([301, 302, 307, 308])("reject status %i, which the official library follows", async (status) => {
    server.answerWith({ status, headers: { location: "/elsewhere" } });
    await expect(clientsOf().ours.trigger("a", "e", 1)).rejects.toMatchObject({
      name: "PusherRequestError",
      message: `Unexpected status code ${status}`,
      status,
      code: "unexpected-status",
    });
    expect(server.takeRequests()).toHaveLength(1);
  });

  test("reject alike when nobody listens, and say why", async () => {
    const closed = await startCaptureServer();
    await closed.close();
    const { official, ours } = clientsOf({ port: closed.port });
    const expected = await outcomeOf(() => official.trigger("a", "e", 1));
    expect(expected).toMatchObject({ name: "PusherRequestError", message: "Request failed with an error" });
    expect(await outcomeOf(() => ours.trigger("a", "e", 1))).toEqual(expected);
    const error: unknown = await ours.trigger("a", "e", 1).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DropIn.RequestError);
    expect(error).toMatchObject({ code: "network", retryable: true, error: expect.any(Error) as Error });
  });

  test.each([{}, { agent: new Agent() }])("reject alike when the time is up %#", async (options) => {
    const { official, ours } = clientsOf({ ...options, timeout: 30 });
    server.answerWith({ hangs: true }, { hangs: true });
    const expected = await outcomeOf(() => official.get({ path: "/channels" }));
    expect(expected).toMatchObject({ name: "PusherRequestError", message: "Request failed with an error" });
    expect(await outcomeOf(() => ours.get({ path: "/channels" }))).toEqual(expected);
  });

  test.each(["refused", "too late"])("name the failure as node-fetch does: %s", async (kind) => {
    const closed = await startCaptureServer();
    if (kind === "refused") await closed.close();
    closed.answerWith({ hangs: true }, { hangs: true });
    const { official, ours } = clientsOf({ port: closed.port, timeout: 100 });
    const expected = await failureOf(official);
    expect(expected).toMatchObject(
      kind === "refused" ? { name: "FetchError", type: "system" } : { name: "AbortError", type: "aborted" },
    );
    expect(await failureOf(ours)).toEqual(expected);
    await closed.close();
  });

  test("throw plain errors for invalid input", () => {
    for (const pusher of Object.values(clientsOf())) {
      for (const act of [
        () => pusher.trigger("a b", "e", 1),
        () => pusher.authorizeChannel("x", "a"),
        () => pusher.authenticateUser("1.2", {}),
        () => pusher.terminateUserConnections(""),
        () => pusher.createSignedQueryString({ method: "GET", path: "/x", params: { auth_key: "x" } }),
      ]) {
        expect(act).toThrow(expect.objectContaining({ name: "Error", constructor: Error }) as Error);
      }
    }
  });

  test("keep the signature out of errors", async () => {
    server.answerWith({ status: 400 });
    const error: unknown = await clientsOf()
      .ours.trigger("a", "e", 1)
      .catch((reason: unknown) => reason);
    expect(error).toHaveProperty("url", expect.stringMatching(/&auth_signature=0{64}$/));
  });
});

/** What `RequestError.error` says of a failed request. */
async function failureOf(pusher: Pusher): Promise<unknown> {
  const { error } = (await pusher.get({ path: "/x" }).catch((reason: unknown) => reason)) as { error: Error };
  const { name, type, code, errno, message } = error as Error & Record<"type" | "code" | "errno", unknown>;
  return { name, type, code, errno, message: message.replace(/auth_signature=\w{64}/, "auth_signature=…") };
}
