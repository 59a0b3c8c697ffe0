import type { AppId, AppKey } from "@sealcast/protocol";
import { describe, expect, test } from "vitest";
import { MemoryEngine } from "../adapters/engine/memory.ts";
import type { HttpReply } from "../ports/transport.ts";
import {
  DelayedEngine,
  startSocketless,
  testApp,
  type FakeClock,
  FakeRandom,
  signedQuery,
  testCredential,
} from "@sealcast/server-testing";
import { maxBodyBytes } from "./body-limit.ts";
import type { OperatorCheck } from "./api-ports.ts";
import { text } from "./reply.ts";
import type { OpenRoute } from "./routes.ts";

const event = { name: "a", channel: "c", data: "1" };
const plain = { "content-type": "text/plain; charset=utf-8" };

describe("paths and methods", () => {
  test.each<[title: string, method: string, path: string, reply: Partial<HttpReply>]>([
    ["[HTTP15] a path of nothing", "GET", "/x", { status: 404, body: "Nothing here: GET /x\n" }],
    ["[HTTP15] an unknown path of an app", "GET", "/apps/1001/x", { status: 404 }],
    ["[HTTP15] no path of an app", "GET", "/apps/1001", { status: 404 }],
    ["[HTTP15] a slash too many", "POST", "/apps/1001/events/", { status: 404 }],
    ["[HTTP15] a longer path", "GET", "/apps/1001/channels/a/users/b", { status: 404 }],
    ["[HTTP15] an unknown app", "POST", "/apps/9/events", { status: 404, body: "No app has this id\n" }],
    ["[HTTP15] the name of an object's member as app", "POST", "/apps/__proto__/events", { status: 404 }],
    [
      "[HTTP15] GET of a POST endpoint",
      "GET",
      "/apps/1001/events",
      { status: 405, headers: { ...plain, allow: "POST" } },
    ],
    [
      "[HTTP15] POST of a GET endpoint",
      "POST",
      "/apps/1001/channels/a",
      { status: 405, headers: { ...plain, allow: "GET, HEAD" } },
    ],
    [
      "[HTTP15] DELETE",
      "DELETE",
      "/apps/1001/channels/a/events",
      { status: 405, body: "Method not allowed: use GET or HEAD or POST\n" },
    ],
    [
      "[HTTP9] no signature",
      "GET",
      "/apps/1001/channels",
      { status: 401, body: "Missing parameter: auth_key\n", headers: plain },
    ],
    ["life", "GET", "/health/live", { status: 200, body: "OK\n" }],
    ["life, under its other name", "GET", "/up", { status: 200, body: "OK\n" }],
    ["readiness", "GET", "/health/ready", { status: 200, body: "OK\n" }],
  ])("%s", async (_, method, path, reply) => {
    const { transport } = await startSocketless();
    expect(await transport.request({ method, path })).toMatchObject(reply);
  });

  test("a long path is not repeated in full", async () => {
    const { transport } = await startSocketless();
    expect((await transport.request({ path: `/${"x".repeat(9_000)}` })).body.length).toBeLessThan(300);
  });

  test("[HTTP15] a disabled app answers 403, but only to requests with its signature", async () => {
    const { get, transport } = await startSocketless({ apps: [testApp({ enabled: false })] });
    expect(await get("/channels")).toMatchObject({ status: 403, body: "The app is disabled\n" });
    expect(await transport.request({ path: "/apps/1001/channels" })).toMatchObject({ status: 401 });
  });

  test("[HTTP20] an app with forceTls refuses plain requests with 403, before it looks at the signature", async () => {
    const { transport } = await startSocketless({ apps: [testApp({ forceTls: true })] });
    const request = { path: "/apps/1001/channels" };
    expect(await transport.request(request)).toMatchObject({ status: 403, body: "This app accepts TLS only\n" });
    expect(await transport.request({ ...request, secure: true })).toMatchObject({ status: 401 });
  });

  test("[HTTP9] a key opens only its own app", async () => {
    const other = testApp({ id: "1002" as AppId, credentials: [{ key: "other-key" as AppKey, secret: "app-secret" }] });
    const { transport, clock } = await startSocketless({ apps: [testApp(), other] });
    const query = `auth_key=app-key&auth_timestamp=${clock.now() / 1_000}&auth_version=1.0&auth_signature=${"0".repeat(64)}`;
    expect(await transport.request({ path: "/apps/1002/channels", query })).toMatchObject({
      body: "Unknown auth_key\n",
    });
  });
});

const checkOperator: OperatorCheck = (request) =>
  request.header("cookie") === "session=1" ? undefined : text(401, "no");

describe("a path below a prefix", () => {
  test.each(["/ws/apps/1001/events", "/apps/1001/events"])("[HTTP18] may be signed as %s", async (signedPath) => {
    const { transport, clock } = await startSocketless();
    const body = JSON.stringify(event);
    const timestampSeconds = Math.floor(clock.now() / 1_000);
    const query = signedQuery({
      ...testCredential,
      method: "POST",
      path: signedPath,
      parameters: {},
      body,
      timestampSeconds,
    });
    const request = { method: "POST", query, body: new TextEncoder().encode(body) };
    expect((await transport.request({ ...request, path: "/ws/apps/1001/events" })).status).toBe(200);
    expect((await transport.request({ ...request, path: "/ws/apps/1001/batch_events" })).status).toBe(401);
  });
});

describe("access to routes", () => {
  const routes: readonly OpenRoute[] = [
    { access: "open", method: "GET", path: "/page", endpoint: () => text(200, "page") },
    {
      access: "operator",
      method: "GET",
      path: "/secret/*",
      endpoint: ({ request, wildcards }) => text(200, `${request.address} ${wildcards.join()}`),
    },
  ];

  test("an open route answers everybody, and HEAD like GET", async () => {
    const { transport } = await startSocketless({ ports: { routes } });
    for (const method of ["GET", "HEAD"]) {
      expect(await transport.request({ method, path: "/page" })).toMatchObject({ status: 200, body: "page" });
    }
  });

  test("an operator's route answers only requests that pass the check", async () => {
    const { transport } = await startSocketless({ ports: { routes, checkOperator } });
    const reply = await transport.request({ path: "/secret/1", headers: { cookie: "session=1" } });
    expect(reply).toMatchObject({ status: 200, body: "192.0.2.1 1" });
    expect(await transport.request({ path: "/secret/1" })).toMatchObject({ status: 401, body: "no" });
  });

  test("an operator's route does not exist if nothing checks operators", async () => {
    const { transport } = await startSocketless({ ports: { routes } });
    expect(await transport.request({ path: "/secret/1" })).toMatchObject({ status: 404 });
  });
});

describe("limits", () => {
  test("[HTTP16] above the app's rate a publish is refused until the second is over", async () => {
    const { post, get, clock } = await startSocketless({ apps: [testApp({ publishesPerSecond: 3 })] });
    expect((await post("/events", event)).status).toBe(200);
    expect((await post("/batch_events", { batch: [event, event] })).status).toBe(200);
    expect(await post("/events", event)).toEqual({
      status: 429,
      headers: { ...plain, "retry-after": "1" },
      body: "Too many events: the app may publish 3 per second\n",
    });
    expect((await get("/channels")).status).toBe(200);
    clock.advance(1_000);
    expect((await post("/events", event)).status).toBe(200);
  });

  test("[HTTP16] refused events count nothing", async () => {
    const { post } = await startSocketless({ apps: [testApp({ publishesPerSecond: 2 })] });
    expect((await post("/events", { ...event, channel: "b c" })).status).toBe(400);
    expect((await post("/events", event)).status).toBe(200);
    expect((await post("/batch_events", { batch: [event, event] })).status).toBe(429);
    expect((await post("/events", event)).status).toBe(200);
  });

  test("[HTTP16] a new rate holds at once", async () => {
    const { post, server } = await startSocketless({ apps: [testApp({ publishesPerSecond: 1 })] });
    expect((await post("/events", event)).status).toBe(200);
    server.replaceApps([testApp({ publishesPerSecond: 2 })]);
    expect((await post("/events", event)).status).toBe(200);
    expect((await post("/events", event)).status).toBe(200);
    expect((await post("/events", event)).status).toBe(429);
  });

  test("a server over its memory limit refuses publishes, and answers questions", async () => {
    const { post, get, transport } = await startSocketless({ settings: { maxBufferedBytes: 100 } });
    transport.buffered = 101;
    for (const path of ["/events", "/batch_events", "/channels/c/events"]) {
      expect(await post(path, event)).toMatchObject({ status: 503, headers: { "retry-after": "1" } });
    }
    expect((await get("/channels")).status).toBe(200);
    expect((await post("/users/1/terminate_connections", {})).status).toBe(200);
    transport.buffered = 100;
    expect((await post("/events", event)).status).toBe(200);
  });

  test.each([
    ["of the official size, all escaped", 10_240, 6],
    ["as large as may be, half escaped", 1_048_576, 2],
  ])("[HTTP14] a full batch of events %s fits", (_, eventBytes, charactersPerByte) => {
    const envelope = JSON.stringify({ name: "n".repeat(200), channel: "c".repeat(200), data: "", socket_id: "1.1" });
    expect(maxBodyBytes(eventBytes)).toBeGreaterThan(10 * (eventBytes * charactersPerByte + envelope.length));
  });

  test("[HTTP14] a publish to 100 channels fits", () => {
    expect(maxBodyBytes(1)).toBeGreaterThan(100 * 203);
  });
});

describe("an engine that fails", () => {
  test("makes a reply, and a log line without its text", async () => {
    let engine: DelayedEngine | undefined;
    const { post, log } = await startSocketless({
      engine: (clock: FakeClock) => (engine = new DelayedEngine(new MemoryEngine(clock, new FakeRandom()))),
    });
    engine?.failWith(new Error("top secret"));
    const reply = post("/events", event);
    await engine?.settle();
    expect(await reply).toMatchObject({ status: 500, headers: plain });
    expect(log.filter(({ level }) => level === "error")).toMatchObject([{ event: "request.failed" }]);
    expect(JSON.stringify(log)).not.toContain("secret");
  });

  test("also makes a reply if it fails at once", async () => {
    class Broken extends MemoryEngine {
      override publish(): never {
        throw new TypeError("top secret");
      }
    }
    const { post, log } = await startSocketless({ engine: (clock) => new Broken(clock, new FakeRandom()) });
    expect(await post("/events", event)).toMatchObject({ status: 500 });
    expect(log.filter(({ level }) => level === "error")).toMatchObject([{ event: "request.failed" }]);
  });
});
