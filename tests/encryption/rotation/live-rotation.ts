import { generateMasterKey } from "@sealcast/server-sdk";
import { startServer } from "@sealcast/server-testing";
import { expect, test } from "vitest";
import type { CompatLibrary } from "../../libraries/compat-client.ts";
import { startLiveBackends } from "./live-backends.ts";

const channel = "private-encrypted-orders";

/** The proof on the real server, with real time and sockets: a fleet changes its key while it publishes. */
export function liveRotationRows(library: CompatLibrary): void {
  test(`${library.name} loses nothing while three backends change their key`, async () => {
    const server = await startServer();
    const [old, next] = [generateMasterKey(), generateMasterKey()];
    const rotationPauseMs = 1_000;
    const backends = await startLiveBackends(
      server.port,
      [-100, 0, 100],
      { ring: [{ key: old }], rotationPauseMs },
      await library.pages?.(),
    );
    const client = await library.connect({ serverPort: server.port, backendUrl: backends.url, user: "somebody" });
    try {
      expect(await client.subscribe(channel)).toBe("subscribed");
      const rotationMs = Date.now() + 500;
      backends.replaceRing({ ring: [{ key: old }, { key: next, from: rotationMs }], rotationPauseMs });
      const published: Promise<unknown>[] = [];
      /** Numbers of events, and when they were published, in milliseconds after the switch. */
      const awaited = new Map<number, number>();
      while (Date.now() < rotationMs + rotationPauseMs + 500) {
        const sent = awaited.size + 1;
        awaited.set(sent, Date.now() - rotationMs);
        published.push(backends.next().trigger(channel, "news", { sent, text: "Grüße 😀" }));
        // About 100 events a second: the pace of the traffic, not something that is waited for.
        await new Promise((resolve) => {
          setTimeout(resolve, 10);
        });
      }
      await Promise.all(published);
      while (awaited.size > 0) {
        const { data } = await client.next(channel, "news").catch((cause: unknown) => {
          throw new Error(`Lost, with their times: ${JSON.stringify([...awaited])}`, { cause });
        });
        expect(awaited.delete((data as { readonly sent: number }).sent)).toBe(true);
      }
    } finally {
      await client.close();
      await backends.close();
      await server.close();
    }
  });
}
