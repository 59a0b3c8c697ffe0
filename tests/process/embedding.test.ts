import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, configFrom, type SealcastServer } from "@sealcast/server";
import { freePort, silentLog } from "@sealcast/server-testing";
import Pusher from "pusher";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { send } from "../fixtures/api-request.ts";
import { isOpen } from "../fixtures/is-open.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { root, textOf } from "../fixtures/repository.ts";

const apps = [{ id: "1001", key: "app-key", secret: "app-secret" }];

function publisher(port: number): Pusher {
  return new Pusher({ appId: "1001", key: "app-key", secret: "app-secret", host: "127.0.0.1", port: String(port) });
}

/** Sends an event through the HTTP API and waits until a client on the same port has it. */
async function deliversOn(port: number): Promise<RawClient> {
  const client = await RawClient.connect(port);
  await client.subscribe("news");
  await publisher(port).trigger("news", "headline", { text: "Hello" });
  expect((await client.next("headline")).data).toBe('{"text":"Hello"}');
  return client;
}

describe("the programs of docs/embedding.md", () => {
  const programs = [...textOf("docs/embedding.md").matchAll(/^```mjs\n([^]*?)^```/gm)].map(([, text = ""]) => ({
    title: /(express|fastify)"/.exec(text)?.[1] ?? "node:http",
    text,
  }));

  test.each(programs)("$title: pages and events share a port, and SIGTERM ends both", async ({ text }) => {
    // Below the root, so that packages are found.
    const cache = join(root, "node_modules/.cache");
    mkdirSync(cache, { recursive: true });
    const folder = mkdtempSync(join(cache, "embedding-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "program.mjs"), text);
    const port = await freePort();
    const child = spawn(process.execPath, [join(folder, "program.mjs")], {
      env: { PORT: String(port) },
      stdio: "inherit",
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    await opened(port, child);
    expect((await send(port, "GET", "/")).body).toBe("Hello");
    const client = await deliversOn(port);
    const exited = once(child, "exit");
    child.kill("SIGTERM");
    expect((await client.closed).code).toBe(4200);
    expect(await exited).toEqual([0, null]);
  });
});

async function opened(port: number, child: ChildProcess): Promise<void> {
  while (!(await isOpen(port))) {
    if (child.exitCode !== null) throw new Error("The program has ended");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What the program answers to a request. */
function answer(request: { readonly method?: string | undefined; readonly url?: string | undefined }): string {
  return `the program: ${request.method} ${request.url}`;
}

/** Lets a server share an HTTP server, and has both listen. */
async function share(httpServer: Server): Promise<{ readonly realtime: SealcastServer; readonly port: number }> {
  const config = configFrom({ apps, drainSeconds: 0 });
  const realtime = await createServer(config, silentLog, { httpServer });
  await realtime.listen();
  httpServer.listen(0, "127.0.0.1");
  await once(httpServer, "listening");
  return { realtime, port: (httpServer.address() as AddressInfo).port };
}

describe("a shared HTTP server", () => {
  const pages = createHttpServer((request, response) => response.end(answer(request)));
  const chat = new WebSocketServer({ server: pages, path: "/chat" });
  let realtime: SealcastServer;
  let port: number;
  beforeAll(async () => {
    chat.on("connection", (socket) =>
      socket.on("message", (message: Buffer) => socket.send(`chat: ${message.toString()}`)),
    );
    ({ realtime, port } = await share(pages));
  });
  afterAll(async () => {
    await realtime.close();
    pages.close();
    pages.closeAllConnections();
  });

  test.each([
    ["GET", "/"],
    ["POST", "/anything"],
    ["GET", "/app/page"],
    ["GET", "/application"],
    ["GET", "/console"],
    ["GET", "/admin/apps"],
    ["GET", "/apps-and-more"],
  ])("leaves %s %s to the program", async (method, path) => {
    expect(await send(port, method, path)).toMatchObject({ status: 200, body: answer({ method, url: path }) });
  });

  test.each([
    ["GET", "/health/ready", 200],
    ["POST", "/apps/1001/events", 401],
    ["GET", "/apps/1001/nothing", 404],
    ["POST", "/pusher/app/app-key/000/aaaaaaaa/xhr_streaming?protocol=0", 200],
    ["GET", "/pusher/info", 200],
    ["POST", "/pusher/000/aaaaaaaa/xhr", 200],
  ])("answers %s %s itself", async (method, path, status) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
    expect(response.status).toBe(status);
    await response.body?.cancel();
  });

  test("delivers events, large ones and several at once included", async () => {
    const client = await deliversOn(port);
    const data = "x".repeat(10_000);
    await Promise.all(Array.from({ length: 50 }, () => publisher(port).trigger("news", "large", data)));
    for (let index = 0; index < 50; index += 1) expect((await client.next("large")).data).toBe(data);
    await client.close();
  });

  test("leaves other WebSockets to the program", async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/chat`);
    await once(socket, "open");
    socket.send("hi");
    const [message] = (await once(socket, "message")) as [Buffer];
    expect(message.toString()).toBe("chat: hi");
    socket.close();
  });

  test("[FALL8] takes WebSockets of SockJS", async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/pusher/000/aaaaaaaa/websocket`);
    const [message] = (await once(socket, "message")) as [Buffer];
    expect(message.toString()).toBe("o");
    socket.close();
  });

  test("refuses a handshake that is none", async () => {
    const headers = { Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "12" };
    expect((await send(port, "GET", "/app/app-key", "", headers)).status).toBe(426);
  });
});

test("a program that takes no upgrades answers a request for another protocol as a plain one", async () => {
  const pages = createHttpServer((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => response.end(`${answer(request)} ${body}`));
  });
  const { realtime, port } = await share(pages);
  const headers = { Connection: "Upgrade, HTTP2-Settings", Upgrade: "h2c", "HTTP2-Settings": "AAA" };
  expect((await send(port, "POST", "/page", "a body", headers)).body).toBe("the program: POST /page a body");
  await realtime.close();
  pages.close();
});

test("a shared HTTPS server counts as TLS, for apps that take nothing else", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sealcast-https-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-subj", "/CN=localhost", "-days", "1"];
  execFileSync("openssl", ["req", "-x509", "-nodes", ...curve, "-keyout", key, "-out", cert], { stdio: "ignore" });
  const pages = createHttpsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) =>
    response.end("Hello"),
  );
  const config = configFrom({ apps: apps.map((app) => ({ ...app, forceTls: true })), drainSeconds: 0 });
  const realtime = await createServer(config, silentLog, { httpServer: pages });
  await realtime.listen();
  pages.listen(0, "127.0.0.1");
  await once(pages, "listening");
  const { port } = pages.address() as AddressInfo;
  const socket = new WebSocket(`wss://127.0.0.1:${port}/app/app-key?protocol=7`, { rejectUnauthorized: false });
  const [greeting] = (await once(socket, "message")) as [Buffer];
  expect(JSON.parse(greeting.toString())).toMatchObject({ event: "pusher:connection_established" });
  await realtime.close();
  expect(socket.readyState).toBeGreaterThan(WebSocket.OPEN);
  pages.close();
});

test("after drain the program serves all requests itself", async () => {
  const pages = createHttpServer((request, response) => response.end(answer(request)));
  const { realtime, port } = await share(pages);
  const client = await deliversOn(port);
  await realtime.drain();
  expect((await client.closed).code).toBe(4100);
  expect((await send(port, "GET", "/health/ready")).body).toBe("the program: GET /health/ready");
  expect(pages.listenerCount("upgrade")).toBe(0);
  pages.close();
});
