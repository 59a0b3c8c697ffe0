import { describe, expect, it, onTestFinished } from "vitest";
import type { RunningContractServer } from "../transport-contract.ts";
import { ContractClient, publish, topicSize } from "./client.ts";
import type { ContractCommand } from "./server.ts";

/** What holds where `compression` is on. `start` runs a contract server with it. */
export function compressionRules(name: string, start: () => Promise<RunningContractServer>): void {
  describe(`${name} compresses`, () => {
    it.each([
      { offer: true, extensions: "permessage-deflate", compressed: true },
      { offer: false, extensions: "", compressed: false },
    ])("for a client that offers it: $offer", async ({ offer, extensions, compressed }) => {
      const server = await start();
      onTestFinished(() => server.close());
      const client = await ContractClient.open(server.ports[0], "/app/key", { perMessageDeflate: offer });
      expect(client.socket.extensions).toBe(extensions);
      await client.ask({ do: "join", topic: "a" });
      expect(await topicSize(server.ports[0], "a")).toBe(1);
      const before = client.bytesReceived;
      await publish(server.ports[0], "a", "x".repeat(100_000));
      expect(await client.next(1)).toEqual([`0 ${"x".repeat(100_000)}`]);
      expect(client.bytesReceived - before < 2_000).toBe(compressed);
      await client.ask({ do: "send", texts: ["short", "y".repeat(5_000)] });
      expect(client.rest()).toEqual(["short", "y".repeat(5_000)]);
    });

    it("[FALL10] frames of SockJS", async () => {
      const server = await start();
      onTestFinished(() => server.close());
      const path = "/pusher/000/compressed/websocket";
      const client = await ContractClient.open(server.ports[0], path, { perMessageDeflate: true });
      client.socket.send(JSON.stringify([JSON.stringify({ path: "/app/key" })]));
      client.socket.send(JSON.stringify([JSON.stringify({ do: "join", topic: "a" } satisfies ContractCommand)]));
      await expect.poll(() => topicSize(server.ports[0], "a")).toBe(1);
      const before = client.bytesReceived;
      await publish(server.ports[0], "a", "x".repeat(100_000));
      expect(await client.next(2)).toEqual(["o", `a["0 ${"x".repeat(100_000)}"]`]);
      expect(client.bytesReceived - before).toBeLessThan(2_000);
    });
  });
}
