import { startServer, type TestServer } from "@sealcast/server-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startAppBackend, tampered, type AppBackend } from "../../fixtures/app-backend.ts";
import { startTcpProxy, type TcpProxy } from "../../fixtures/tcp-proxy.ts";
import type { CompatClient, CompatLibrary } from "../compat-client.ts";

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

const message = { text: "héllo 😀", list: [1, null, { a: "b" }] };

/** Registers the rows of the compatibility table for one library. */
export function channelKindRows(library: CompatLibrary): void {
  describe(`with ${library.name}`, () => {
    let server: TestServer;
    let proxy: TcpProxy;
    let backend: AppBackend;
    let ada: CompatClient;
    let bob: CompatClient;
    beforeAll(async () => {
      server = await startServer();
      proxy = await startTcpProxy(server.port);
      backend = await startAppBackend(server.port, await library.pages?.());
      const address = { serverPort: proxy.port, backendUrl: backend.url };
      [ada, bob] = await Promise.all([
        library.connect({ ...address, user: "ada" }),
        library.connect({ ...address, user: "bob" }),
      ]);
    });
    afterAll(async () => {
      await Promise.all([ada.close(), bob.close()]);
      await Promise.all([proxy.close(), backend.close()]);
      await server.close();
    });
    test.each(kinds)("[SUB1] [SUB2] %j: subscribes", async (prefix) => {
      expect(await ada.subscribe(`${prefix}good`)).toBe("subscribed");
    });

    test.each(kinds)(
      "[SUB3] [SUB5] %j: is informed of a bad signature, if the kind has one",
      async (prefix, signed) => {
        expect(await ada.subscribe(`${prefix}${tampered}`)).toBe(signed ? "refused" : "subscribed");
        await backend.pusher.trigger(`${prefix}${tampered}`, "news", message);
        const received = await ada.settled();
        expect(received).toHaveLength(signed ? 0 : 1);
      },
    );

    test.each(kinds)("[EVENT1] %j: receives what the backend publishes", async (prefix) => {
      const channel = `${prefix}published`;
      await ada.subscribe(channel);
      await bob.subscribe(channel);
      for (const data of [message, "text", 7, true, [], {}]) {
        await backend.pusher.trigger(channel, "news", data);
        for (const client of [ada, bob]) expect((await client.next(channel, "news")).data).toEqual(data);
      }
    });

    test.each(kinds)("[CLIENT1] [CLIENT3] %j: client events reach whom they may", async (prefix, _, senders) => {
      const channel = `${prefix}moved`;
      await ada.subscribe(channel);
      await bob.subscribe(channel);
      const allowed = senders === "everybody" || (senders === "raw sockets" && library.name === "raw socket");
      await ada.trigger(channel, { x: 1 });
      expect(await ada.settled()).toEqual([]);
      const received = await bob.settled();
      const userId = prefix.startsWith("presence-") ? "ada" : undefined;
      expect(received).toEqual(allowed ? [{ channel, event: "client-move", data: { x: 1 }, userId }] : []);
    });

    test.each(kinds)("[SUB7] %j: receives nothing after unsubscribing, and may subscribe again", async (prefix) => {
      const channel = `${prefix}left`;
      await ada.subscribe(channel);
      await bob.subscribe(channel);
      await ada.unsubscribe(channel);
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
      const channel = `${prefix}twice`;
      await ada.subscribe(channel);
      await ada.subscribeAgain(channel);
      await ada.settled();
      await backend.pusher.trigger(channel, "news", "once");
      expect(await ada.next(channel, "news")).toMatchObject({ data: "once" });
      expect(await ada.settled()).toEqual([]);
    });

    test("[SUB9] [SUB11] every kind: comes back after its connection broke", async () => {
      const address = { serverPort: proxy.port, backendUrl: backend.url, user: "eve" };
      const client = await library.connect(address);
      const channels = kinds.map(([prefix]) => `${prefix}broken`);
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
      await client.close();
    });
  });
}
