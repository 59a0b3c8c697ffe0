import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { joined, open, publish, stateOf } from "./client.ts";

/** What holds for each connection. */
export function linkRules(port: () => number): void {
  describe("links", () => {
    it("[LINK1] keeps the order of replies and of publishes to several topics", async () => {
      const [reader] = await joined(port(), "a", 1);
      await reader?.ask({ do: "join", topic: "b" });
      const numbers = Array.from({ length: 300 }, (_, index) => `${index}`);
      for (const [index, text] of numbers.entries()) {
        if (index % 3 === 0) reader?.command({ do: "send", texts: [text] });
        else reader?.command({ do: "publish", topic: index % 3 === 1 ? "a" : "b", texts: [text] });
      }
      expect(await reader?.next(300)).toEqual(numbers);
    });

    it("[LINK1] keeps the order within one turn, among small and large messages", async () => {
      const readers = await joined(port(), "a", 3);
      const texts = [100, 70_000, 3, 16_385, 126, 65_536, 125, 16_384, 0, 65_535, 1].map((length) =>
        "é".repeat(length),
      );
      const command = { do: "publish", topic: "a", texts: texts.slice(0, 1) } as const;
      readers[0]?.command(command);
      await publish(port(), "a", "é".repeat(70_000), 3);
      await publish(port(), "a", "short", 2);
      const expected = [texts[0], ...[0, 1, 2].map((index) => `${index} ${texts[1]}`), "0 short", "1 short"];
      for (const reader of readers) expect(await reader.next(expected.length)).toEqual(expected);
    });

    it("[LINK2] sends nothing after a close, and everything before it", async () => {
      const client = await open(port());
      client.command({ do: "send", texts: ["one", "two"] });
      client.command({ do: "close", code: 4200, reason: "bye", afterwards: "never" });
      expect(await client.closed).toEqual({ code: 4200, reason: "bye" });
      expect(client.rest()).toEqual(["one", "two"]);
    });

    it("[LINK2] hands on a large event before the close", async () => {
      const [client] = await joined(port(), "a", 1);
      const large = "x".repeat(15_000);
      client?.command({ do: "publish", topic: "a", texts: [large] });
      client?.command({ do: "close", code: 4100, reason: "é".repeat(100), afterwards: "never" });
      expect((await client?.closed)?.code).toBe(4100);
      expect(client?.rest()).toEqual([large]);
    });

    it("reports a connection that is gone once, and leaves its topics", async () => {
      const [client, other] = await joined(port(), "a", 2);
      client?.close();
      await expect.poll(() => stateOf(port())).toMatchObject({ opened: 2, closed: 1, links: 1 });
      await publish(port(), "a", "x");
      expect(await other?.next(1)).toEqual(["0 x"]);
    });

    it("says how the client asked for the connection", async () => {
      const headers = { origin: "https://shop.example", "x-forwarded-proto": "https, http" };
      const client = await open(port(), "/app/a%20key?protocol=7&client=js", [], headers);
      client.command({ do: "describe" });
      expect((await client.next(1)).map((text) => JSON.parse(text) as unknown)).toEqual([
        {
          path: "/app/a%20key",
          query: "protocol=7&client=js",
          origin: "https://shop.example",
          address: "127.0.0.1",
          secure: true,
        },
      ]);
    });

    it("accepts every path, for the session to refuse", async () => {
      const client = await open(port(), "/elsewhere");
      client.command({ do: "describe" });
      expect((await client.next(1)).map((text) => JSON.parse(text) as unknown)).toEqual([
        { path: "/elsewhere", query: "", address: "127.0.0.1", secure: false },
      ]);
    });

    it.each([
      { offered: [], selected: "" },
      { offered: ["pusher-channels-protocol-7"], selected: "pusher-channels-protocol-7" },
      { offered: ["other", "pusher-channels-protocol-7"], selected: "pusher-channels-protocol-7" },
    ])("answers the offered sub-protocols $offered with $selected", async ({ offered, selected }) => {
      const client = await open(port(), "/app/key", offered);
      expect(client.socket.protocol).toBe(selected);
    });

    it("takes a ping and a pong as signs of life, and answers the ping", async () => {
      const client = await open(port());
      client.socket.ping("are you there");
      const [answer] = (await once(client.socket, "pong")) as [Buffer];
      expect(answer.toString()).toBe("are you there");
      client.socket.pong();
      await expect.poll(() => stateOf(port())).toMatchObject({ alive: 2 });
    });

    it.each([
      { what: "a binary message", frame: [0x82, 0x81, 0, 0, 0, 0, 1], code: 1003 },
      { what: "text that is not UTF-8", frame: [0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28], code: 1007 },
      {
        what: "a message above the limit",
        frame: [0x81, 0xfe, 0x4e, 0x21, 0, 0, 0, 0, ...Buffer.alloc(20_001, 97)],
        code: 1009,
      },
      { what: "an unmasked frame", frame: [0x81, 1, 97], code: 1002 },
      { what: "a reserved bit", frame: [0xa1, 0x81, 0, 0, 0, 0, 97], code: 1002 },
      { what: "an unknown opcode", frame: [0x83, 0x80, 0, 0, 0, 0], code: 1002 },
      { what: "an unknown control opcode", frame: [0x8b, 0x80, 0, 0, 0, 0], code: 1002 },
      { what: "a ping in fragments", frame: [0x09, 0x80, 0, 0, 0, 0], code: 1002 },
      { what: "a ping above 125 bytes", frame: [0x89, 0xfe, 0, 126, 0, 0, 0, 0, ...Buffer.alloc(126)], code: 1002 },
      { what: "a continuation of nothing", frame: [0x80, 0x80, 0, 0, 0, 0], code: 1002 },
      {
        what: "a message within a message",
        frame: [0x01, 0x81, 0, 0, 0, 0, 97, 0x81, 0x81, 0, 0, 0, 0, 97],
        code: 1002,
      },
      { what: "a close code of one byte", frame: [0x88, 0x81, 0, 0, 0, 0, 3], code: 1002 },
      { what: "a close code that is never sent", frame: [0x88, 0x82, 0, 0, 0, 0, 3, 0xed], code: 1002 },
      {
        what: "a length that no message has",
        frame: [0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 97],
        code: 1009,
      },
    ])("closes with $code on $what, and serves others (RFC 6455)", async ({ frame, code }) => {
      const [client, other] = await joined(port(), "a", 2);
      client?.sendRaw(frame);
      expect((await client?.closed)?.code).toBe(code);
      await publish(port(), "a", "x");
      expect(await other?.next(1)).toEqual(["0 x"]);
    });

    it.each([
      { what: "text that is not UTF-8", frame: [0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28], code: 1007 },
      { what: "a length above the limit", frame: [0x81, 0xfe, 0x4e, 0x21, 0, 0, 0, 0], code: 1009 },
    ])("[CLOSE2] gives a reason for $what, and tells the session", async ({ frame, code }) => {
      const client = await open(port());
      client.sendRaw(frame);
      expect((await client.closed).reason).not.toBe("");
      await expect.poll(() => stateOf(port())).toMatchObject({ closed: 1, lastCode: code });
    });

    it("[FRAME6] follows the limit of messages while it runs, for new connections", async () => {
      await fetch(`http://127.0.0.1:${port()}/limit`, { method: "POST", body: "40000" });
      const client = await open(port());
      const text = "x".repeat(30_000);
      client.command({ do: "send", texts: [text] });
      expect(await client.next(1)).toEqual([text]);
    });

    it("takes messages in fragments, up to the limit", async () => {
      const client = await open(port());
      const text = JSON.stringify({ do: "send", texts: ["é".repeat(5_000)] });
      client.socket.send(text.slice(0, 50), { fin: false });
      client.socket.ping();
      client.socket.send(text.slice(50), { fin: true });
      expect(await client.next(1)).toEqual(["é".repeat(5_000)]);
    });

    it("survives a session that throws, and serves others", async () => {
      const [client, other] = await joined(port(), "a", 2);
      client?.command({ do: "fail" });
      await client?.closed;
      await publish(port(), "a", "x");
      expect(await other?.next(1)).toEqual(["0 x"]);
    });
  });
}
