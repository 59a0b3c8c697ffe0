import { channelAuth, startServer, testApp } from "@sealcast/server-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { startBunServer } from "../fixtures/bun-server.ts";
import { Inbox } from "../fixtures/inbox.ts";

const path = "/app/app-key?protocol=7&client=js&version=8.6.0";
const runtimes = { "Node.js": startServer, Bun: startBunServer };

interface Connected {
  readonly inbox: Inbox<string>;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  send(message: unknown): void;
}

/** Opens a WebSocket of SockJS, and sends a first message. */
async function open(port: number, first: string, origin?: string): Promise<Connected> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/pusher/000/abcdefgh/websocket`, { origin });
  const inbox = new Inbox<string>();
  socket.on("message", (frame: Buffer) => inbox.put(frame.toString()));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on("close", (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  expect(await inbox.next()).toBe("o");
  const send = (message: unknown): void =>
    socket.send(JSON.stringify([typeof message === "string" ? message : JSON.stringify(message)]));
  send(first);
  return { inbox, closed, send };
}

/** The messages of a frame. */
function messagesOf(frame: string): { readonly event: string; readonly data: string }[] {
  expect(frame).toMatch(/^a\[/);
  return (JSON.parse(frame.slice(1)) as string[]).map((text) => JSON.parse(text) as { event: string; data: string });
}

describe.each(Object.entries(runtimes))("SockJS on %s", (_, start) => {
  let server: { readonly port: number; close(): Promise<void> };
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.close());

  function post(action: string, body: string): Promise<Response> {
    return fetch(`http://127.0.0.1:${server.port}/pusher/000/${action}`, { method: "POST", body });
  }

  test("[FALL9] greets and subscribes a client behind its path", async () => {
    const client = await open(server.port, JSON.stringify({ path }));
    const [greeting] = messagesOf(await client.inbox.next());
    expect(greeting?.event).toBe("pusher:connection_established");
    const { socket_id } = JSON.parse(greeting?.data ?? "") as { socket_id: string };
    const channel = "private-a";
    client.send({ event: "pusher:subscribe", data: { channel, auth: channelAuth(socket_id, channel) } });
    expect(messagesOf(await client.inbox.next())).toMatchObject([{ event: "pusher_internal:subscription_succeeded" }]);
  });

  test.each([
    { what: "an unknown key", first: JSON.stringify({ path: "/app/other?protocol=7" }), code: 4001 },
    { what: "no protocol version", first: JSON.stringify({ path: "/app/app-key" }), code: 4008 },
    { what: "a path of no app", first: JSON.stringify({ path: "/other?protocol=7" }), code: 4005 },
    { what: "no path", first: '{"event":"pusher:ping","data":{}}', code: 4005 },
    { what: "a path that is no text", first: '{"path":1}', code: 4005 },
    { what: "no JSON", first: "path", code: 4005 },
    { what: "a very long path", first: JSON.stringify({ path: `${path}&x=${"x".repeat(8_192)}` }), code: 4005 },
  ])("[FALL9] $what: closes with $code", async ({ first, code }) => {
    const client = await open(server.port, first);
    const { reason } = await client.closed.then((closed) => {
      expect(closed.code).toBe(code);
      return closed;
    });
    const frames = client.inbox.takeAll();
    expect(frames.at(-1)).toBe(`c${JSON.stringify([code, reason])}`);

    const session = `${code}${first.length}`;
    expect(await (await post(`${session}/xhr`, "")).text()).toBe("o\n");
    await post(`${session}/xhr_send`, JSON.stringify([first]));
    let text = "";
    while (!text.includes("c[")) text += await (await post(`${session}/xhr`, "")).text();
    expect(text.split("\n")).toContain(frames.at(-1));
  });
});

test("[FALL12] a page of an origin that the app does not allow is closed with 4009", async () => {
  const server = await startServer({ apps: [testApp({ allowedOrigins: ["https://shop.example"] })] });
  const foreign = await open(server.port, JSON.stringify({ path }), "https://other.example");
  expect((await foreign.closed).code).toBe(4009);
  const allowed = await open(server.port, JSON.stringify({ path }), "https://shop.example");
  expect(messagesOf(await allowed.inbox.next())).toMatchObject([{ event: "pusher:connection_established" }]);
  await server.close();
});
