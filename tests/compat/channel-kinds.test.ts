import { startServer, type TestServer } from "@sealcast/server/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startAppBackend, tampered, type AppBackend } from "../fixtures/app-backend.ts";
import { startTcpProxy, type TcpProxy } from "../fixtures/tcp-proxy.ts";
import type { CompatClient } from "./compat-client.ts";
import { laravelEcho } from "./laravel-echo-client.ts";
import { pusherJs } from "./pusher-js-client.ts";
import { rawSocket } from "./raw-socket-client.ts";

// prefix, needs a signature, client events: who may send them
const kinds = [
  ["", false, "nobody"],
  ["cache-", false, "nobody"],
  ["private-", true, "everybody"],
  ["private-cache-", true, "everybody"],
  ["private-encrypted-", true, "raw sockets"],
  ["private-encrypted-cache-", true, "raw sockets"],
  ["presence-", true, "everybody"],
  ["presence-cache-", true, "everybody"],
] as const;

let server: TestServer;
let proxy: TcpProxy;
let backend: AppBackend;
beforeAll(async () => {
  server = await startServer();
  proxy = await startTcpProxy(server.port);
  backend = await startAppBackend(server.port);
});
afterAll(async () => {
  await Promise.all([proxy.close(), backend.close()]);
  await server.close();
});

const message = { text: "héllo 😀", list: [1, null, { a: "b" }] };

describe.each([pusherJs, laravelEcho, rawSocket])("$name", (library) => {
  /** Ends the names of this library's channels: caches outlive the subscribers of another. */
  const suffix = library.name.replace(" ", "-");
  let ada: CompatClient;
  let bob: CompatClient;
  beforeAll(async () => {
    const address = { serverPort: proxy.port, backendUrl: backend.url };
    [ada, bob] = await Promise.all([
      library.connect({ ...address, user: "ada" }),
      library.connect({ ...address, user: "bob" }),
    ]);
  });
  afterAll(() => {
    ada.close();
    bob.close();
  });

  test.each(kinds)("[SUB1] [SUB2] %j: subscribes", async (prefix) => {
    expect(await ada.subscribe(`${prefix}good-${suffix}`)).toBe("subscribed");
  });

  test.each(kinds)("[SUB3] [SUB5] %j: hears of a bad signature, where there is one", async (prefix, signed) => {
    expect(await ada.subscribe(`${prefix}${tampered}-${suffix}`)).toBe(signed ? "refused" : "subscribed");
    await backend.pusher.trigger(`${prefix}${tampered}-${suffix}`, "news", message);
    const received = await ada.settled();
    expect(received).toHaveLength(signed ? 0 : 1);
  });

  test.each(kinds)("[EVENT1] %j: receives what the backend publishes", async (prefix) => {
    const channel = `${prefix}published-${suffix}`;
    await ada.subscribe(channel);
    await bob.subscribe(channel);
    for (const data of [message, "text", 7, true, [], {}]) {
      await backend.pusher.trigger(channel, "news", data);
      for (const client of [ada, bob]) expect((await client.next(channel, "news")).data).toEqual(data);
    }
  });

  test.each(kinds)("[CLIENT1] [CLIENT3] %j: client events reach whom they may", async (prefix, _, senders) => {
    const channel = `${prefix}moved-${suffix}`;
    await ada.subscribe(channel);
    await bob.subscribe(channel);
    const allowed = senders === "everybody" || (senders === "raw sockets" && library === rawSocket);
    ada.trigger(channel, { x: 1 });
    expect(await ada.settled()).toEqual([]);
    const received = await bob.settled();
    const userId = prefix.startsWith("presence-") ? "ada" : undefined;
    expect(received).toEqual(allowed ? [{ channel, event: "client-move", data: { x: 1 }, userId }] : []);
  });

  test.each(kinds)("[SUB7] %j: hears nothing after unsubscribing, and may come back", async (prefix) => {
    const channel = `${prefix}left-${suffix}`;
    await ada.subscribe(channel);
    await bob.subscribe(channel);
    ada.unsubscribe(channel);
    await ada.settled();
    await backend.pusher.trigger(channel, "news", "missed");
    await bob.next(channel, "news");
    expect(await ada.settled()).toEqual([]);
    expect(await ada.subscribe(channel)).toBe("subscribed");
    await ada.settled();
    await backend.pusher.trigger(channel, "news", "heard");
    expect((await ada.next(channel, "news")).data).toBe("heard");
  });

  test.each(kinds)("[SUB6] %j: asking twice changes nothing", async (prefix) => {
    const channel = `${prefix}twice-${suffix}`;
    await ada.subscribe(channel);
    ada.subscribeAgain(channel);
    await ada.settled();
    await backend.pusher.trigger(channel, "news", "once");
    expect(await ada.next(channel, "news")).toMatchObject({ data: "once" });
    expect(await ada.settled()).toEqual([]);
  });

  test("[SUB9] [SUB11] every kind: comes back after its connection broke", async () => {
    const address = { serverPort: proxy.port, backendUrl: backend.url, user: "eve" };
    const client = await library.connect(address);
    const channels = kinds.map(([prefix]) => `${prefix}broken-${suffix}`);
    for (const channel of channels) await client.subscribe(channel);
    const back = client.reconnected(channels);
    proxy.cut();
    await back;
    await client.settled();
    for (const channel of channels) {
      await backend.pusher.trigger(channel, "news", "back");
      expect((await client.next(channel, "news")).data).toBe("back");
    }
    expect(await client.settled()).toEqual([]);
    client.close();
  });
});
