import { describe, expect, it } from "vitest";
import { joined, publish, stateOf, topicSize } from "./client.ts";

/** What holds for groups of connections. */
export function topicRules(port: () => number): void {
  describe("topics", () => {
    it("[TOPIC1] reaches every link but the excepted one, once", async () => {
      const [publisher, ...others] = await joined(port(), "a", 5);
      await publisher?.ask({ do: "publish", topic: "a", texts: ["one", "two"], exceptSelf: true });
      expect(publisher?.rest()).toEqual([]);
      for (const other of others) {
        await other.ask();
        expect(other.rest()).toEqual(["one", "two"]);
      }
    });

    it("[TOPIC1] reaches a publisher that is not excepted; a link that joined twice gets one copy", async () => {
      const [publisher] = await joined(port(), "a", 1);
      await publisher?.ask({ do: "join", topic: "a" }, { do: "publish", topic: "a", texts: ["one"] });
      expect(publisher?.rest()).toEqual(["one"]);
    });

    it("[TOPIC1] keeps topics apart", async () => {
      const [first, second] = await Promise.all([joined(port(), "a", 2), joined(port(), "b", 2)]);
      await publish(port(), "a", "for a", 2);
      for (const client of first) expect(await client.next(2)).toEqual(["0 for a", "1 for a"]);
      for (const client of second) {
        await client.ask();
        expect(client.rest()).toEqual([]);
      }
    });

    it("[TOPIC2] sends the same events to a thousand links in order, and to each link its own replies between them", async () => {
      const clients = await joined(port(), "a", 1_000);
      expect(await topicSize(port(), "a")).toBe(1_000);
      await publish(port(), "a", "x", 5);
      for (const [index, client] of clients.entries()) client.command({ do: "send", texts: [`reply ${index}`] });
      await publish(port(), "a", "y", 5);
      const events = ["0 x", "1 x", "2 x", "3 x", "4 x", "0 y", "1 y", "2 y", "3 y", "4 y"];
      for (const [index, client] of clients.entries()) {
        const received = await client.next(11);
        expect(received.filter((text) => !text.startsWith("reply"))).toEqual(events);
        expect(received.filter((text) => text.startsWith("reply"))).toEqual([`reply ${index}`]);
      }
      for (const client of clients) client.close();
      await expect.poll(() => stateOf(port())).toMatchObject({ links: 0, closed: 1_000 });
    });

    it("[TOPIC3] delivers what was published before a leave, and nothing after it", async () => {
      const [leaver, publisher] = await joined(port(), "a", 2);
      await leaver?.ask(
        { do: "publish", topic: "a", texts: ["before"] },
        { do: "leave", topic: "a" },
        { do: "publish", topic: "a", texts: ["after"] },
      );
      expect(leaver?.rest()).toEqual(["before"]);
      expect(await publisher?.next(2)).toEqual(["before", "after"]);
      expect(await topicSize(port(), "a")).toBe(1);
    });
  });
}
