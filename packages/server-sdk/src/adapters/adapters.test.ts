import { createServer, type Server } from "node:http";
import { connect } from "node:http2";
import type { AddressInfo } from "node:net";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { afterEach, describe, expect, test } from "vitest";
import { createAuthHandler } from "../auth-handler/auth-handler.ts";
import { fakeSealcast } from "../testing/fake-sealcast.ts";
import { expressHandler } from "./express.ts";
import { fastifyPlugin } from "./fastify.ts";
import { honoHandler } from "./hono.ts";
import { nextRoute } from "./next.ts";

const path = "/pusher/auth";
const { sealcast } = fakeSealcast();
const handler = createAuthHandler({
  sealcast,
  authenticate: (request) => (request.headers.get("cookie") === "session=1" ? { id: "ada" } : null),
  authorize: ({ channel }) => channel !== "private-forbidden",
});

/** Sends a request to the application. */
type Send = (init: RequestInit) => Promise<Response>;

const running: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0)) await stop();
});

async function listen(server: Server): Promise<Send> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  running.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return (init) => fetch(`http://127.0.0.1:${port}${path}`, init);
}

const frameworks: readonly (readonly [string, () => Promise<Send>])[] = [
  ["Express", () => listen(createServer(express().all(path, expressHandler(handler))))],
  [
    "Express with a form parser",
    () =>
      listen(
        createServer(
          express()
            .use(express.urlencoded({ extended: true }))
            .all(path, expressHandler(handler)),
        ),
      ),
  ],
  [
    "Express with the simple form parser",
    () =>
      listen(
        createServer(
          express()
            .use(express.urlencoded({ extended: false }))
            .all(path, expressHandler(handler)),
        ),
      ),
  ],
  [
    "Express with a parser that leaves an empty body where it reads none, as Express 4 does",
    () =>
      listen(
        createServer(
          express()
            .use((request, _response, next) => {
              request.body = {};
              next();
            })
            .all(path, expressHandler(handler)),
        ),
      ),
  ],
  [
    "Express with a parser of bytes",
    () =>
      listen(
        createServer(
          express()
            .use(express.raw({ type: "*/*" }))
            .all(path, expressHandler(handler)),
        ),
      ),
  ],
  [
    "Express with a text parser",
    () =>
      listen(
        createServer(
          express()
            .use(express.text({ type: "*/*" }))
            .all(path, expressHandler(handler)),
        ),
      ),
  ],
  [
    "Fastify",
    async () => {
      const app = fastify();
      await app.register(fastifyPlugin(handler, path));
      const address = await app.listen({ port: 0, host: "127.0.0.1" });
      running.push(() => app.close());
      return (init) => fetch(`${address}${path}`, init);
    },
  ],
  [
    "Fastify with a form parser of its own",
    async () => {
      const app = fastify();
      app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) => {
        done(null, Object.fromEntries(new URLSearchParams(String(body))));
      });
      await app.register(fastifyPlugin(handler, path));
      const address = await app.listen({ port: 0, host: "127.0.0.1" });
      running.push(() => app.close());
      return (init) => fetch(`${address}${path}`, init);
    },
  ],
  [
    "Hono",
    () => {
      const app = new Hono().all(path, honoHandler(handler));
      return Promise.resolve(async (init) => app.request(path, init));
    },
  ],
  [
    "Next.js",
    () => {
      const routes: Record<string, (request: Request) => Promise<Response>> = { ...nextRoute(handler) };
      return Promise.resolve((init) =>
        (routes[init.method ?? "GET"] ?? notAllowed)(new Request(`http://localhost${path}`, init)),
      );
    },
  ],
];

function notAllowed(): Promise<Response> {
  return Promise.resolve(new Response(null, { status: 405 }));
}

const signedIn = { cookie: "session=1" };
const form = (fields: [string, string][]): URLSearchParams => new URLSearchParams([["socket_id", "1.2"], ...fields]);

describe.each(frameworks)("%s", (_, start) => {
  test("answers as the handler does", async () => {
    const send = await start();
    const response = await send({ method: "POST", headers: signedIn, body: form([["channel_name", "private-a"]]) });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toMatch(/^application\/json(; charset=utf-8)?$/);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toEqual(sealcast.authorizeChannel("1.2", "private-a"));
  });

  test("passes many channels on", async () => {
    const send = await start();
    const fields: [string, string][] = ["private-a", "private-forbidden"].map((name) => ["channel_name[]", name]);
    const response = await send({ method: "POST", headers: signedIn, body: form(fields) });
    expect(await response.json()).toMatchObject({
      channels: { "private-a": { status: 200 }, "private-forbidden": { status: 403 } },
    });
  });

  test("passes one channel of a list on", async () => {
    const send = await start();
    const response = await send({ method: "POST", headers: signedIn, body: form([["channel_name[]", "private-a"]]) });
    expect(await response.json()).toMatchObject({ channels: { "private-a": { status: 200 } } });
  });

  test.each([
    [401, { method: "POST", body: form([["channel_name", "private-a"]]) }],
    [403, { method: "POST", headers: signedIn, body: form([["channel_name", "private-forbidden"]]) }],
    [403, { method: "POST", headers: { ...signedIn, origin: "https://evil.com" }, body: form([]) }],
    [413, { method: "POST", headers: signedIn, body: form([["x", "x".repeat(70_000)]]) }],
  ] as (readonly [number, RequestInit])[])("refuses with %i %#", async (status, init) => {
    const send = await start();
    expect((await send(init)).status).toBe(status);
  });

  test.each(["", "&"])("refuses the empty form %j", async (body) => {
    const send = await start();
    const headers = { ...signedIn, "content-type": "application/x-www-form-urlencoded" };
    expect((await send({ method: "POST", headers, body })).status).toBe(400);
  });

  test("does not answer GET", async () => {
    const send = await start();
    expect([404, 405]).toContain((await send({ method: "GET" })).status);
  });
});

test("Fastify knows its own origin over HTTP/2, too", async () => {
  const app = fastify({ http2: true });
  await app.register(fastifyPlugin(handler, path));
  const address = await app.listen({ port: 0, host: "127.0.0.1" });
  const session = connect(address);
  running.push(
    () => session.destroy(),
    () => app.close(),
  );
  const headers = { "content-type": "application/x-www-form-urlencoded", cookie: "session=1", origin: address };
  const stream = session.request({ ":method": "POST", ":path": path, ...headers });
  stream.end(form([["channel_name", "private-a"]]).toString());
  expect(await new Promise((resolve) => stream.on("response", resolve))).toMatchObject({ ":status": 200 });
});

test("Express passes an unexpected failure on", async () => {
  const failures: unknown[] = [];
  const broken = expressHandler(() => Promise.reject(new Error("broken")));
  const request = Object.assign(emptyStream(), { method: "GET", protocol: "http", originalUrl: "/", headers: {} });
  const response = { status: () => response, setHeader: () => response, end: () => response };
  await broken(request, response, (error) => failures.push(error));
  expect(failures).toEqual([new Error("broken")]);
});

function emptyStream(): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }) };
}
