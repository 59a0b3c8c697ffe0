import { describe, expect, it, onTestFinished } from "vitest";
import { joined, openStalled, publish, stateOf, topicSize } from "./client.ts";
import { contractSettings } from "./settings.ts";

/** What a client that does not read may cost. */
export function backPressureRules(port: () => number): void {
  describe("back-pressure", () => {
    it("ends a consumer that does not read, while others get every event in order", async () => {
      const readers = await joined(port(), "a", 2);
      const stalled = await openStalled(port(), "a");
      onTestFinished(() => void stalled.destroy());
      await expect.poll(() => topicSize(port(), "a")).toBe(3);
      const body = "x".repeat(64 * 1_024);
      const rounds = 40;
      for (let round = 0; round < rounds; round += 1) await publish(port(), "a", body, 20);
      for (const reader of readers) {
        for (let round = 0; round < rounds; round += 1) {
          const received = await reader.next(20);
          expect(received.map((text) => Number.parseInt(text, 10))).toEqual(received.map((_, index) => index));
        }
      }
      await expect
        .poll(() => stateOf(port()), { timeout: 15_000 })
        .toMatchObject({ links: 2, closed: 1, bufferedBytes: 0 });
    });

    it("bounds what a stalled consumer can hold back", async () => {
      const stalled = await Promise.all(Array.from({ length: 5 }, () => openStalled(port(), "a")));
      onTestFinished(() => stalled.forEach((socket) => socket.destroy()));
      await expect.poll(() => topicSize(port(), "a")).toBe(5);
      let highest = 0;
      for (let round = 0; round < 60; round += 1) {
        await publish(port(), "a", "x".repeat(128 * 1_024), 4);
        highest = Math.max(highest, (await stateOf(port())).bufferedBytes);
      }
      expect(highest).toBeGreaterThan(0);
      // What is sent in one turn may come on top.
      expect(highest).toBeLessThan(contractSettings.maxBufferedBytes + 5 * 4 * 129 * 1_024);
    });
  });
}
