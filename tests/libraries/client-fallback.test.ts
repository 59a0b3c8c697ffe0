import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Sealcast, whenConnected, whenSubscribed, type SealcastOptions } from "@sealcast/client";
import { startServer } from "@sealcast/server-testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { startServerWithBackend } from "../fixtures/server-with-backend.ts";
import { startBlockingProxy, type Blocking, type BlockingProxy } from "../fixtures/blocking-proxy.ts";

const { server, backend } = await startServerWithBackend();

async function through(blocking: Blocking): Promise<BlockingProxy> {
  const proxy = await startBlockingProxy(server.port, blocking);
  onTestFinished(() => proxy.close());
  return proxy;
}

function connect(port: number, options: Partial<SealcastOptions> = {}): Sealcast {
  const client = new Sealcast("app-key", {
    url: `http://127.0.0.1:${port}`,
    channelAuthorization: { endpoint: `${backend.url}/pusher/auth` },
    userAuthentication: { endpoint: `${backend.url}/pusher/user-auth` },
    ...options,
  });
  onTestFinished(() => client.disconnect());
  return client;
}

/** Subscribes, sends and receives in every way there is. */
async function exercise(client: Sealcast): Promise<void> {
  const others = connect(server.port, {
    channelAuthorization: { endpoint: `${backend.url}/pusher/auth`, params: { user: "bob" } },
  });
  const channel = await whenSubscribed(client.subscribe("presence-x"));
  const other = await whenSubscribed(others.subscribe("presence-x"));
  const sealed = await whenSubscribed(client.subscribe("private-encrypted-x"));
  const received: unknown[] = [];
  let enough = (): void => {};
  const all = new Promise<void>((resolve) => (enough = resolve));
  const note = (data: unknown): void => {
    received.push(data);
    if (received.length === 50) enough();
  };
  other.bind("client-n", note);
  for (let number = 0; number < 10; number += 1) channel.trigger("client-n", number);
  channel.bind("n", note);
  sealed.bind("n", note);
  for (let number = 0; number < 20; number += 1) {
    await backend.pusher.trigger("presence-x", "n", `p${number}`);
    await backend.pusher.trigger("private-encrypted-x", "n", `é${number}`);
  }
  await all;
  const numbers = Array.from({ length: 20 }, (_, number) => number);
  expect(received.filter((data) => typeof data === "number")).toEqual(numbers.slice(0, 10));
  expect(received.filter((data) => String(data).startsWith("p"))).toEqual(numbers.map((number) => `p${number}`));
  expect(received.filter((data) => String(data).startsWith("é"))).toEqual(numbers.map((number) => `é${number}`));
}

describe("where WebSocket is blocked", () => {
  test.each<[Blocking, string]>([
    ["refuses WebSocket", "xhr_streaming"],
    ["swallows WebSocket", "xhr_streaming"],
    ["refuses WebSocket and streaming", "xhr"],
  ])("by a network that %s, the client connects over HTTP", async (blocking, used) => {
    const proxy = await through(blocking);
    const client = connect(proxy.port);
    await whenConnected(client);
    const connectedBy = [...proxy.asked];
    await exercise(client);
    expect(connectedBy).toContain("websocket");
    expect(connectedBy).toContain(used);
    const then = proxy.asked.slice(connectedBy.length);
    expect(then).toContain("xhr_send");
    expect(then).not.toContain("websocket");
  });
});

describe.each(["xhr_streaming", "xhr_polling"])("%s", (transport) => {
  const only = { enabledTransports: [transport] };

  test("carries everything, in order", async () => {
    await exercise(connect(server.port, only));
  });

  test("gets an error if the app does not exist", async () => {
    const errors: unknown[] = [];
    const client = new Sealcast("unknown", { url: server.url, ...only });
    client.connection.bind("error", (error) => errors.push(error));
    await expect(whenConnected(client)).rejects.toMatchObject({ code: "rejected" });
    expect(errors).toMatchObject([{ type: "WebSocketError", error: { data: { code: 4001 } } }]);
  });

  test("connects again when its session is lost", async () => {
    const other = await startServer();
    const client = connect(other.port, only);
    const first = await whenConnected(client);
    const states: string[] = [];
    client.connection.bind("state_change", ({ current }) => states.push(current));
    await other.server.close();
    await expect.poll(() => states[0], { timeout: 10_000 }).toBe("connecting");
    expect(first).toMatch(/^\d+\.\d+$/);
  });

  test("asks for a sign of life in its own way", async () => {
    const quiet = await startServer({ settings: { activityTimeoutSeconds: 1 } });
    onTestFinished(() => quiet.close());
    const proxy = await startBlockingProxy(quiet.port, "refuses WebSocket");
    onTestFinished(() => proxy.close());
    const client = connect(proxy.port, only);
    await whenConnected(client);
    proxy.asked.length = 0;
    await expect.poll(() => proxy.asked, { timeout: 5_000 }).toContain("xhr_send");
    expect(client.connection.state).toBe("connected");
  });

  test.each([
    ["a network's login page", "<html>\nPlease log in\n</html>"],
    ["nothing", ""],
    ["only heartbeats", "h\n"],
    ["a close that makes no sense", 'o\nc[{"toString":null,"valueOf":null},{"toString":null}]\n'],
    ["a close with nothing", "o\nc\n"],
  ])("is given up after one request that is answered with %s", async (_what, answer) => {
    let asked = 0;
    const stranger = createServer((_, response) => {
      asked += 1;
      response.end(answer);
    });
    await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void stranger.close());
    const client = connect((stranger.address() as AddressInfo).port, only);
    await new Promise((resolve) => client.connection.bind("connecting_in", resolve));
    client.disconnect();
    expect(asked).toBe(1);
  });
});
