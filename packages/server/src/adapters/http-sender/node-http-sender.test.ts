import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { HttpSender } from "../../ports/http-sender.ts";
import { createNodeHttpSender, type HttpSenderOptions } from "./node-http-sender.ts";

const servers: (Server | TcpServer)[] = [];
const senders: HttpSender[] = [];
const sockets = new Set<Socket>();

afterEach(() => {
  for (const each of senders.splice(0)) each.close();
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  for (const server of servers.splice(0)) server.close();
});

function sender(options: Partial<HttpSenderOptions> = {}): HttpSender {
  const made = createNodeHttpSender({ allowPrivateTargets: true, ...options });
  senders.push(made);
  return made;
}

async function listen(server: Server | TcpServer, host = "127.0.0.1"): Promise<number> {
  server.on("connection", (socket: Socket) => sockets.add(socket));
  servers.push(server);
  server.listen(0, host);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

const receive = (listener: RequestListener): Promise<number> => listen(createServer(listener));
const talk = (conversation: (socket: Socket) => void): Promise<number> =>
  listen(createTcpServer((socket) => conversation(socket.on("error", () => undefined).resume())));
const post = (port: number, path = "/hook"): { url: string; headers: { "content-type": string }; body: string } => ({
  url: `http://127.0.0.1:${port}${path}`,
  headers: { "content-type": "application/json" },
  body: '{"text":"ü"}',
});

describe("the sender keeps its contract", () => {
  test("sends method, path, headers and body as they are", async () => {
    const seen: unknown[] = [];
    const port = await receive((request, answer) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        const { method, url, headers } = request;
        seen.push({
          method,
          url,
          type: headers["content-type"],
          host: headers.host,
          body: Buffer.concat(parts).toString(),
        });
        answer.end("ok");
      });
    });
    expect(await sender().post(post(port, "/a?b=c"))).toEqual({ status: 200, error: undefined });
    const [type, host, body] = ["application/json", `127.0.0.1:${port}`, '{"text":"ü"}'];
    expect(seen).toEqual([{ method: "POST", url: "/a?b=c", type, host, body }]);
  });

  test.each([200, 204, 400, 404, 410, 500, 503])("[SEND3] reports status %i", async (status) => {
    const port = await receive((_, answer) => answer.writeHead(status).end());
    expect(await sender().post(post(port))).toEqual({ status, error: undefined });
  });

  test("[SEND3] follows no redirect", async () => {
    const paths: (string | undefined)[] = [];
    const port = await receive(({ url }, answer) => {
      paths.push(url);
      answer.writeHead(302, { location: "/elsewhere" }).end();
    });
    expect(await sender().post(post(port))).toEqual({ status: 302, error: undefined });
    expect(paths).toEqual(["/hook"]);
  });

  test("[SEND3] ends the connection of a receiver that answers without end", async () => {
    let ended: Promise<unknown> = Promise.resolve();
    const port = await receive((_, answer) => {
      ended = once(answer, "close");
      const more = (): void => {
        while (!answer.destroyed && answer.write(Buffer.alloc(16_384)));
      };
      answer.on("drain", more);
      more();
    });
    expect(await sender({ timeoutMs: 600_000 }).post(post(port))).toEqual({ status: 200, error: undefined });
    await ended;
  });

  test.each<[string, (socket: Socket) => void, string]>([
    ["stalls", () => undefined, "no answer within 0.2 s"],
    ["begins an answer and stalls", (socket) => void socket.write("HTTP/1.1 20"), "no answer within 0.2 s"],
    ["resets", (socket) => void socket.once("data", () => socket.resetAndDestroy()), "connection reset"],
    ["hangs up", (socket) => void socket.once("data", () => socket.end()), "connection reset"],
    ["does not speak HTTP", (socket) => void socket.end("SSH-2.0-OpenSSH secret words\r\n"), "answer is not HTTP"],
    [
      "sends headers without end",
      (socket) => void socket.write(`HTTP/1.1 200 OK\r\nx: ${"y".repeat(100_000)}\r\n`),
      "answer is not HTTP",
    ],
  ])("[SEND1 SEND2] has an outcome if the receiver %s", async (_, conversation, error) => {
    const port = await talk(conversation);
    expect(await sender({ timeoutMs: 200 }).post(post(port))).toEqual({ status: undefined, error });
  });

  test("[SEND2] takes the status of a receiver whose body never ends, and closes the connection at the time-out", async () => {
    let closed: Promise<unknown> = Promise.resolve();
    const port = await talk((socket) => {
      closed = once(socket, "close");
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nslow");
    });
    expect(await sender({ timeoutMs: 300 }).post(post(port))).toEqual({ status: 200, error: undefined });
    await closed;
  });

  test("[SEND1] says that nobody listens, or that there is no such host", async () => {
    const port = await talk(() => undefined);
    const gone = servers.pop();
    gone?.close();
    await once(gone ?? createServer(), "close");
    expect(await sender().post(post(port))).toEqual({ status: undefined, error: "connection refused" });
    const missing = await sender().post({ ...post(port), url: "http://nobody.invalid/" });
    expect(missing.error).toMatch(/^(host name not found|name server unavailable|no answer within 4 s)$/);
  });

  test("[SEND5] answers of one receiver do not wait for another that stalls", async () => {
    const stalled = await talk(() => undefined);
    const quick = await receive((_, answer) => void answer.end());
    const shared = sender({ timeoutMs: 600_000 });
    for (let index = 0; index < 50; index += 1) void shared.post(post(stalled));
    expect(await shared.post(post(quick))).toEqual({ status: 200, error: undefined });
  });

  test("uses a connection again", async () => {
    const ports = new Set<number | undefined>();
    const port = await receive((request, answer) => {
      ports.add(request.socket.remotePort);
      request.resume();
      answer.end("ok");
    });
    const shared = sender();
    for (let index = 0; index < 5; index += 1) {
      await shared.post(post(port));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(ports.size).toBeLessThan(5);
  });
});

describe("the guard against request forgery", () => {
  const blocked = { status: undefined, error: "the host has no public address" };

  test.each([
    "http://127.0.0.1:PORT/",
    "http://2130706433:PORT/",
    "http://0x7f.1:PORT/",
    "http://0177.0.0.1:PORT/",
    "http://127.1:PORT/",
    "http://0:PORT/",
    "http://localhost:PORT/",
    "http://localhost.:PORT/",
    "http://[::1]:PORT/",
    "http://[::]:PORT/",
    "http://[::ffff:127.0.0.1]:PORT/",
    "http://[::127.0.0.1]:PORT/",
    "http://[64:ff9b::7f00:1]:PORT/",
    "https://127.0.0.1:PORT/",
  ])("[SEND4] does not connect to %s", async (url) => {
    let connections = 0;
    const port = await talk(() => (connections += 1));
    const guarded = sender({ allowPrivateTargets: false });
    const outcome = await guarded.post({ ...post(port), url: url.replace("PORT", String(port)) });
    expect(connections).toBe(0);
    // Not every system knows "localhost." with a dot.
    expect([blocked.error, ...(url.includes("localhost.") ? ["host name not found"] : [])]).toContain(outcome.error);
  });

  test("[SEND4] connects to the address that it checked, although the name changes its answer meanwhile", async () => {
    let connections = 0;
    let lookups = 0;
    const port = await talk(() => (connections += 1));
    // A public address that nothing answers at, then loopback, as an attacker's name server would.
    const resolve = async (): Promise<readonly string[]> => ((lookups += 1) === 1 ? ["192.88.98.1"] : ["127.0.0.1"]);
    const guarded = sender({ allowPrivateTargets: false, timeoutMs: 200, resolve });
    const url = `http://rebinding.example:${port}/`;
    expect((await guarded.post({ ...post(port), url })).status).toBeUndefined();
    expect(await guarded.post({ ...post(port), url })).toEqual(blocked);
    expect([connections, lookups]).toEqual([0, 2]);
  });

  test("[SEND4] leaves out the private ones of several addresses", async () => {
    let connections = 0;
    const port = await talk(() => (connections += 1));
    const addresses = ["127.0.0.1", "::ffff:127.0.0.1", "169.254.169.254"];
    const guarded = sender({ allowPrivateTargets: false, resolve: async () => addresses });
    expect(await guarded.post({ ...post(port), url: `http://mixed.example:${port}/` })).toEqual(blocked);
    expect(connections).toBe(0);
  });
});

describe("a receiver that moves", () => {
  test("is found at its new address at the next request", async () => {
    const first = await receive((_, answer) => void answer.writeHead(201).end());
    const second = createServer((_, answer) => void answer.writeHead(202).end());
    second.on("connection", (socket: Socket) => sockets.add(socket));
    servers.push(second);
    second.listen(first, "127.0.0.2");
    await once(second, "listening");
    let address = "127.0.0.1";
    const moving = sender({ resolve: async () => [address] });
    const url = `http://moving.example:${first}/`;
    expect((await moving.post({ ...post(first), url })).status).toBe(201);
    address = "127.0.0.2";
    expect((await moving.post({ ...post(first), url })).status).toBe(202);
  });

  test("is reached at the address that answers, of several", async () => {
    const port = await receive((_, answer) => void answer.end());
    const several = sender({ resolve: async () => ["127.0.0.3", "127.0.0.1"] });
    expect(await several.post({ ...post(port), url: `http://several.example:${port}/` })).toEqual({
      status: 200,
      error: undefined,
    });
  });

  test("reports a time-out if the name server does not answer", async () => {
    const silent = sender({ timeoutMs: 100, resolve: () => new Promise(() => undefined) });
    const outcome = await silent.post({ ...post(80), url: "http://silent.example/" });
    expect(outcome).toEqual({ status: undefined, error: "no answer within 0.1 s" });
  });
});
