import { createServer, type Server } from "node:http";
import { createServer as createTcpServer } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { WebSocketServer } from "ws";
import { Sealcast, SealcastError, whenConnected, type ConnectionError, type SealcastOptions } from "../index.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Starts a server on a free port. */
async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** Connects, and returns how the first failure is reported, in the event and in the promise. */
async function failureOf(url: string, options: SealcastOptions = {}): Promise<readonly SealcastError[]> {
  const client = new Sealcast("key", {
    url,
    enabledTransports: ["ws"],
    unavailableTimeout: 300,
    log: false,
    ...options,
  });
  onTestFinished(() => client.disconnect());
  const event = new Promise<SealcastError>((resolve) =>
    client.connection.bind("error", ({ cause }: ConnectionError) => cause && resolve(cause)),
  );
  const rejection = whenConnected(client).catch((error: unknown) => error as SealcastError);
  return Promise.all([event, rejection as Promise<SealcastError>]);
}

describe("the event and the promise say why there is no connection", () => {
  test("a wrong port", async () => {
    const port = await listen(createTcpServer());
    const [event, rejection] = await failureOf(`ws://127.0.0.1:${port === 1 ? 2 : 1}`);
    expect(event).toMatchObject({ code: "unreachable", message: expect.stringContaining("ECONNREFUSED") as string });
    expect(rejection).toBe(event);
    expect(event?.cause).toMatchObject({ code: "ECONNREFUSED" });
  });

  test("an unknown host", async () => {
    const [event] = await failureOf("ws://host.invalid");
    expect(event).toMatchObject({ code: "unreachable", message: expect.stringMatching(/host\.invalid/) as string });
  });

  test("TLS to a server without TLS", async () => {
    const [event] = await failureOf(`wss://127.0.0.1:${await listen(createServer())}`);
    expect(event).toMatchObject({ code: "unreachable", message: expect.stringMatching(/SSL|TLS|EPROTO/) as string });
  });

  test.each([404, 403, 426])("a server that answers %i, such as a proxy that drops Upgrade", async (status) => {
    const server = createServer((_, response) => response.writeHead(status).end());
    server.on("upgrade", (_, socket) => socket.end(`HTTP/1.1 ${status} No\r\nConnection: close\r\n\r\n`));
    const [event] = await failureOf(`ws://127.0.0.1:${await listen(server)}`);
    expect(event).toMatchObject({ code: "unreachable", message: expect.stringContaining(String(status)) as string });
  });

  test("a WebSocket server of another protocol", async () => {
    const server = createServer();
    new WebSocketServer({ server }).on("connection", (socket) => socket.send("hello"));
    const [event] = await failureOf(`ws://127.0.0.1:${await listen(server)}`);
    expect(event?.message).toContain("does not speak the Channels protocol");
  });

  test("a key that the server does not know", async () => {
    const server = createServer();
    new WebSocketServer({ server }).on("connection", (socket) => socket.close(4001, "No app has this key"));
    const [event, rejection] = await failureOf(`ws://127.0.0.1:${await listen(server)}`);
    expect(event).toMatchObject({ code: "rejected", status: 4001 });
    expect(event?.message).toContain("No app has this key");
    expect(rejection).toBe(event);
  });
});

/** Fails to connect, and returns how many warnings the console got. */
const warned = async (options: SealcastOptions): Promise<number> => {
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  await failureOf("ws://127.0.0.1:1", options);
  return warn.mock.calls.length;
};

describe("the console", () => {
  test("gets one warning", async () => {
    expect(await warned({ log: undefined })).toBe(1);
  });

  test("gets nothing with log: false, or with a function, which gets the entries", async () => {
    expect(await warned({ log: false })).toBe(0);
    const entries: string[] = [];
    expect(await warned({ log: (level, entry) => entries.push(`${level} ${entry}`) })).toBe(0);
    expect(entries).toContain("debug initialized -> connecting");
    expect(entries.some((entry) => entry.startsWith("warn Cannot connect to ws://127.0.0.1:1"))).toBe(true);
  });
});

describe("options", () => {
  test.each<[string, object]>([
    ["did you mean 'forceTLS'?", { url: "ws://x", forceTls: true }],
    ["did you mean 'wsHost'?", { wshost: "x" }],
    ["'nonsense' is unknown", { url: "ws://x", nonsense: 1 }],
    ["'wsPort' must be a number", { wsHost: "x", wsPort: "abc" }],
    ["'wsHost' must be a host name", { wsHost: "http://x" }],
    ["'wsPort' must be a number from 1 to 65535", { wsHost: "x", wsPort: 65_536 }],
    ["'wsPort' must be a number", { wsHost: "x", wsPort: Symbol("s") }],
    ["'activityTimeout' must be a number of milliseconds", { url: "ws://x", activityTimeout: Infinity }],
    ["'holdMs' must be a number of milliseconds", { url: "ws://x", holdMs: -1 }],
    ["'url' must be text or a URL", { url: { href: "ws://x" } }],
    ["'forceTLS' must be true or false", { wsHost: "x", forceTLS: "false" }],
    ["'enabledTransports' must be a list of texts", { url: "ws://x", enabledTransports: "ws" }],
    ["'log' must be a function or false", { url: "ws://x", log: true }],
    ["'WebSocket' must be a class", { url: "ws://x", WebSocket: {} }],
    ["'channelAuthorization' must be an object", { url: "ws://x", channelAuthorization: "/auth" }],
    ["options of a client must be an object", "ws://x" as never],
    ["'url' must be an address", { url: "localhost:6001" }],
    ["'url' must be an address", { url: "ftp://x" }],
    ["'url' must be an address", { url: "ws://" }],
    ["'url' must be an address", { url: "ws://user:secret@x" }],
    ["the option 'url'", {}],
  ])("are refused: %s", (message, options) => {
    expect(() => new Sealcast("key", options)).toThrow(SealcastError);
    expect(() => new Sealcast("key", options)).toThrow(message);
  });
});

const wrap = <Value extends object>(target: Value): Value => new Proxy(target, {});

test("objects work behind proxies", async () => {
  const client = wrap(new Sealcast("key", { url: "ws://127.0.0.1:1", autoConnect: false, log: false }));
  const channel = wrap(client.subscribe("presence-a"));
  expect([client.connection.state, channel.subscribed, wrap(client.user).user_data]).toEqual([
    "initialized",
    false,
    null,
  ]);
  const seen: unknown[] = [];
  const listener = (data: unknown): void => void seen.push(data);
  channel.bind("e", listener);
  channel.emit("e", 1);
  channel.unbind("e", listener);
  channel.emit("e", 2);
  expect(seen).toEqual([1]);
  wrap(client.connection).connect();
  client.disconnect();
  channel.unsubscribe();
  expect([client.allChannels(), channel.left.aborted]).toEqual([[], true]);
});
