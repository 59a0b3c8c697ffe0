import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Sealcast } from "./sealcast.ts";
import { SealcastError } from "./sealcast-error.ts";
import { startCaptureServer, type CaptureServer } from "./testing/capture-server.ts";
import { fakeSealcast } from "./testing/fake-sealcast.ts";
import { libraryName } from "./version.ts";
import packageJson from "../package.json" with { type: "json" };

const refusedConnection = (): never => {
  throw new TypeError("fetch failed", { cause: Object.assign(new Error("connect"), { code: "ECONNREFUSED" }) });
};
const brokenConnection = (): never => {
  throw new TypeError("fetch failed", { cause: Object.assign(new Error("socket"), { code: "UND_ERR_SOCKET" }) });
};
const status =
  (code: number, headers: Record<string, string> = {}) =>
  (): Response =>
    new Response("text of the server", { status: code, headers });

describe("a publish", () => {
  test.each([
    ["no server listens", refusedConnection, "network", true, 11, false],
    ["the connection breaks, because the event may have been accepted", brokenConnection, "network", true, 1, true],
    ["status 301, which is no delivery", status(301), "unexpected-status", false, 1, false],
    ["status 400", status(400), "bad-request", false, 1, false],
    ["status 401", status(401), "unauthorized", false, 1, false],
    ["status 403", status(403), "forbidden", false, 1, false],
    ["status 404", status(404), "not-found", false, 1, false],
    ["status 413", status(413), "too-large", false, 1, false],
    ["status 418", status(418), "unexpected-status", false, 1, false],
    ["status 429", status(429), "rate-limited", true, 11, false],
    ["status 500, because the event may have been accepted", status(500), "server-error", true, 1, true],
    ["status 503", status(503), "server-error", true, 11, false],
  ])("fails when %s", async (_, answer, code, retryable, attempts, mayBeAccepted) => {
    const { sealcast, platform } = fakeSealcast({}, answer);
    const error: unknown = await sealcast.trigger("a", "e", 1).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SealcastError);
    expect(error).toMatchObject({ code, retryable, mayBeAccepted, unconfirmedChannels: ["a"] });
    expect(platform.requests).toHaveLength(attempts);
  });

  test("succeeds when the server is back in time", async () => {
    const answers = [refusedConnection, status(503), () => Response.json({})];
    const { sealcast, platform } = fakeSealcast({}, () => answers.shift()?.() ?? Response.error());
    await sealcast.trigger("a", "e", 1);
    expect(platform.sleeps).toEqual([50, 100]);
  });

  test("waits as long as the server asks, up to 5 seconds", async () => {
    const answers = [
      status(429, { "retry-after": "2" }),
      status(429, { "retry-after": "3600" }),
      () => Response.json({}),
    ];
    const { sealcast, platform } = fakeSealcast({}, () => answers.shift()?.() ?? Response.error());
    await sealcast.trigger("a", "e", 1);
    expect(platform.sleeps).toEqual([2_000, 5_000]);
  });

  test("is not repeated with `retries: 0`", async () => {
    const { sealcast, platform } = fakeSealcast({ retries: 0 }, refusedConnection);
    await expect(sealcast.trigger("a", "e", 1)).rejects.toMatchObject({ code: "network" });
    expect(platform.requests).toHaveLength(1);
  });
});

test("a call starts no attempt after `retryWithinMs`", async () => {
  const { sealcast, platform } = fakeSealcast({ retries: 100, retryWithinMs: 3_000 }, refusedConnection);
  const startMs = platform.nowMs;
  await expect(sealcast.trigger("a", "e", 1)).rejects.toMatchObject({ code: "network" });
  expect(platform.nowMs - startMs).toBeLessThanOrEqual(3_000);
  expect(platform.requests.length).toBeGreaterThan(4);
});

test("a restart of 5 seconds loses no publish with the default options", async () => {
  let back = Infinity;
  const { sealcast, platform } = fakeSealcast({}, () =>
    platform.nowMs >= back ? Response.json({}) : refusedConnection(),
  );
  back = platform.nowMs + 5_000;
  await sealcast.trigger("a", "e", 1);
  expect(platform.nowMs).toBeGreaterThanOrEqual(back);
});

describe("an idempotent call", () => {
  test.each([
    ["a query", (sealcast: Sealcast) => sealcast.channels()],
    ["terminating connections", (sealcast: Sealcast) => sealcast.terminateUserConnections("u")],
  ])("is repeated after every failure that can pass: %s", async (_, act) => {
    for (const answer of [brokenConnection, status(500), status(429)]) {
      const { sealcast, platform } = fakeSealcast({}, answer);
      await expect(act(sealcast)).rejects.toMatchObject({ retryable: true });
      expect(platform.requests).toHaveLength(11);
    }
  });

  test("is not repeated after a failure that waiting cannot mend", async () => {
    const { sealcast, platform } = fakeSealcast({}, status(400));
    await expect(sealcast.channels()).rejects.toMatchObject({ code: "bad-request" });
    expect(platform.requests).toHaveLength(1);
  });
});

describe("over a real connection", () => {
  let server: CaptureServer;
  beforeAll(async () => {
    server = await startCaptureServer();
  });
  afterAll(() => server.close());

  const connect = (options: object = {}): Sealcast =>
    new Sealcast({
      appId: "1001",
      key: "app-key",
      secret: "app-secret",
      host: "127.0.0.1",
      useTLS: false,
      port: server.port,
      ...options,
    });

  test("fails after the time limit", async () => {
    server.answerWith({ hangs: true });
    await expect(connect({ timeoutMs: 20, retries: 0 }).trigger("a", "e", 1)).rejects.toMatchObject({
      code: "timeout",
      retryable: true,
      message: `No answer from http://127.0.0.1:${server.port} within 20 ms`,
      cause: expect.objectContaining({ name: "RequestTimeout" }) as object,
    });
  });

  test("publishes again once the server listens", async () => {
    const stopped = await startCaptureServer();
    await stopped.close();
    let restarted: CaptureServer | undefined;
    const sleeps: number[] = [];
    const platform = {
      sleep: async (ms: number): Promise<void> => {
        sleeps.push(ms);
        if (sleeps.length === 3) restarted = await startCaptureServer(stopped.port);
      },
    };
    await connect({ port: stopped.port, platform }).trigger("a", "e", 1);
    expect(sleeps).toHaveLength(3);
    expect(restarted?.takeRequests()).toHaveLength(1);
    await restarted?.close();
  });

  test("never shows secret or signature", async () => {
    server.answerWith({ status: 400 });
    const error = (await connect()
      .get({ path: "/x" })
      .catch((reason: unknown) => reason)) as SealcastError;
    const { auth_signature: signature } = Object.fromEntries(
      new URL(server.takeRequests().at(-1)?.url ?? "", "http://h").searchParams,
    );
    const shown = [error.message, error.stack, error.url, error.body, String(error.cause)].join();
    expect(signature).toHaveLength(64);
    expect(shown).not.toContain(signature);
    expect(shown).not.toContain("app-secret");
  });

  test("does not follow a redirection, and names its target", async () => {
    const location = `https://127.0.0.1/apps/1001/events?auth_signature=${"a".repeat(64)}`;
    for (const options of [{}, { fetch }]) {
      server.takeRequests();
      server.answerWith({ status: 308, headers: { location }, body: `<a href="${location}">Moved</a>` });
      const error = (await connect(options)
        .trigger("a", "e", 1)
        .catch((reason: unknown) => reason)) as SealcastError;
      expect(error).toMatchObject({ code: "unexpected-status", status: 308 });
      expect(error.message).toBe(
        "The server answered 308 and points to https://127.0.0.1/apps/1001/events: use that address",
      );
      expect(error.body).toContain(`auth_signature=${"0".repeat(64)}`);
      expect(server.takeRequests()).toHaveLength(1);
    }
  });

  test("escapes parameters in the URL and signs them as they are", async () => {
    const params = { b: "a b&c=d", a: "é,x" };
    await connect().get({ path: "/channels", params });
    const url = new URL(server.takeRequests().at(-1)?.url ?? "", "http://h");
    expect(url.searchParams.get("b")).toBe(params.b);
    expect(url.searchParams.get("a")).toBe(params.a);
  });

  test("names the library in a header", async () => {
    await connect().get({ path: "/x" });
    expect(server.takeRequests().at(-1)?.headers["x-pusher-library"]).toBe(libraryName);
    expect(libraryName).toBe(`sealcast-server-sdk ${packageJson.version}`);
  });

  test("rejects an answer that is not JSON", async () => {
    server.answerWith({ body: "<html>" });
    await expect(connect().channels()).rejects.toMatchObject({ code: "unexpected-answer", status: 200 });
  });
});
