import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { joined, open, publish, stateOf, type ContractClient } from "./client.ts";
import type { ContractCommand } from "./server.ts";
import { contractSettings } from "./settings.ts";

const origin = "https://shop.example";
const pathMessage = JSON.stringify({ path: "/app/key?protocol=7" });
const prelude = `${"h".repeat(2_048)}\n`;
/** A streaming answer ends after about this length. */
const fullLength = 128 * 1_024;

function frameOf(...messages: readonly (ContractCommand | string)[]): string {
  return JSON.stringify(messages.map((one) => (typeof one === "string" ? one : JSON.stringify(one))));
}

/** What holds for SockJS, the last fallback of pusher-js. */
export function sockJsRules(port: () => number): void {
  function url(path: string): string {
    return `http://127.0.0.1:${port()}${path}`;
  }

  function post(path: string, body: string | Uint8Array<ArrayBuffer> = ""): Promise<Response> {
    return fetch(url(path), { method: "POST", body, headers: { origin, "content-type": "text/plain" } });
  }

  async function poll(session: string): Promise<string> {
    return (await post(`${session}/xhr`)).text();
  }

  /** Opens a session over polling, for an app. */
  async function openPolling(session: string): Promise<void> {
    expect(await poll(session)).toBe("o\n");
    expect((await post(`${session}/xhr_send`, frameOf(pathMessage))).status).toBe(204);
  }

  /** Opens a WebSocket of SockJS. */
  async function openSocket(): Promise<ContractClient> {
    const client = await open(port(), "/pusher/123/abcdefgh/websocket", [], { origin });
    expect(await client.next(1)).toEqual(["o"]);
    return client;
  }

  /** The same, for an app. */
  async function openWithPath(): Promise<ContractClient> {
    const client = await openSocket();
    client.socket.send(frameOf(pathMessage));
    return client;
  }

  describe("SockJS", () => {
    it.each(["/pusher/info", "/a/b/pusher/info"])(
      "[FALL8] says at %s what it offers, to pages of any origin",
      async (path) => {
        const answers = await Promise.all(
          [1, 2].map(async (time) => fetch(url(`${path}?t=${time}`), { headers: { origin } })),
        );
        const entropies = await Promise.all(
          answers.map(async (answer) => {
            expect(answer.status).toBe(200);
            expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
            expect(answer.headers.get("cache-control")).toBe("no-store");
            expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
            expect(answer.headers.get("access-control-allow-credentials")).toBe("true");
            const { entropy, ...info } = (await answer.json()) as Record<string, unknown>;
            expect(info).toEqual({ websocket: true, origins: ["*:*"], cookie_needed: false });
            return entropy;
          }),
        );
        expect(entropies[0]).not.toBe(entropies[1]);
        for (const entropy of entropies) expect(entropy).toEqual(expect.any(Number));
      },
    );

    it.each(["/pusher/info", "/pusher/0/a/xhr", "/pusher/0/a/xhr_streaming", "/pusher/0/a/xhr_send"])(
      "[FALL12] answers OPTIONS %s",
      async (path) => {
        const answer = await fetch(url(path), { method: "OPTIONS", headers: { origin } });
        expect(answer.status).toBe(204);
        expect(answer.headers.get("access-control-allow-methods")).toBe("GET, POST");
        expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
        expect(answer.headers.get("access-control-allow-credentials")).toBe("true");
      },
    );

    describe("over WebSocket", () => {
      it("[FALL9] asks for the app with the path of the first message", async () => {
        const client = await openWithPath();
        client.socket.send(frameOf({ do: "describe" }));
        const [text = ""] = await client.next(1);
        const [described = ""] = JSON.parse(text.slice(1)) as string[];
        expect(JSON.parse(described)).toEqual({
          path: "/app/key",
          query: "protocol=7",
          origin,
          address: "127.0.0.1",
          secure: false,
        });
      });

      it("[FALL10] passes on one text, lists of texts, and nothing of an empty frame", async () => {
        const client = await openWithPath();
        client.socket.send(JSON.stringify(JSON.stringify({ do: "send", texts: ["one"] } satisfies ContractCommand)));
        client.socket.send("");
        client.socket.send(frameOf({ do: "send", texts: ["two", 'é"\u2028'] }, { do: "send", texts: ["three"] }));
        expect(await client.next(4)).toEqual([
          'a["one"]',
          'a["two"]',
          `a[${JSON.stringify('é"\u2028')}]`,
          'a["three"]',
        ]);
      });

      it("[FALL10] gets what is published together with other clients, in order, and not what it published itself", async () => {
        const [plain] = await joined(port(), "a", 1);
        const client = await openWithPath();
        client.socket.send(frameOf({ do: "join", topic: "a" }, { do: "send", texts: ["in"] }));
        expect(await client.next(1)).toEqual(['a["in"]']);
        await publish(port(), "a", "x", 300);
        const numbers = Array.from({ length: 300 }, (_, index) => `${index} x`);
        expect(await client.next(300)).toEqual(numbers.map((text) => `a["${text}"]`));
        expect(await plain?.next(300)).toEqual(numbers);
        client.socket.send(
          frameOf({ do: "publish", topic: "a", texts: ["mine"], exceptSelf: true }, { do: "leave", topic: "a" }),
        );
        expect(await plain?.next(1)).toEqual(["mine"]);
        await publish(port(), "a", "later");
        expect(await plain?.next(1)).toEqual(["0 later"]);
        expect(client.rest()).toEqual([]);
      });

      it("[FALL10] closes behind what was sent, with a frame and with the same code of the WebSocket", async () => {
        const client = await openWithPath();
        const close = { do: "close", code: 4200, reason: 'so "long"', afterwards: "never" } as const;
        client.socket.send(frameOf({ do: "send", texts: ["one"] }, close, { do: "send", texts: ["never"] }));
        expect(await client.closed).toEqual({ code: 4200, reason: 'so "long"' });
        expect(client.rest()).toEqual(['a["one"]', 'c[4200,"so \\"long\\""]']);
        await expect.poll(() => stateOf(port())).toMatchObject({ closed: 1, links: 0 });
      });

      it.each([
        { what: "text that is not UTF-8", frame: [0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28], code: 1007 },
        { what: "a frame that is no list", frame: [0x81, 0x82, 0, 0, 0, 0, 0x22, 0x61], code: 1007 },
        { what: "a frame above the limit", frame: [0x81, 0xfe, 0x4e, 0x21, 0, 0, 0, 0], code: 1009 },
        { what: "a binary frame", frame: [0x82, 0x81, 0, 0, 0, 0, 1], code: 1003 },
      ])("[FALL10] closes with $code on $what, and serves others", async ({ frame, code }) => {
        const [client, other] = [await openWithPath(), await openWithPath()];
        client.sendRaw(frame);
        expect((await client.closed).code).toBe(code);
        other.socket.send(frameOf({ do: "send", texts: ["here"] }));
        expect(await other.next(1)).toEqual(['a["here"]']);
        await expect.poll(() => stateOf(port())).toMatchObject({ links: 1 });
      });

      it("[FALL10] refuses more than 100 messages in one frame", async () => {
        const client = await openWithPath();
        client.socket.send(frameOf(...Array.from({ length: 100 }, () => ({ do: "send", texts: ["x"] }) as const)));
        expect(await client.next(100)).toEqual(Array.from({ length: 100 }, () => 'a["x"]'));
        client.socket.send(frameOf(...Array.from({ length: 101 }, () => "{}")));
        expect((await client.closed).code).toBe(1007);
      });

      it("[FALL9] closes a client that does not say its path in time", async () => {
        const client = await openSocket();
        expect((await client.closed).code).toBe(4104);
        expect(client.rest()).toEqual(['c[4104,"Path not received in time"]']);
        expect(await stateOf(port())).toMatchObject({ opened: 0 });
      });

      it("closes a client whose session throws, and serves others", async () => {
        const client = await openWithPath();
        client.socket.send(frameOf({ do: "fail" }));
        await client.closed;
        const other = await openWithPath();
        other.socket.send(frameOf({ do: "send", texts: ["here"] }));
        expect(await other.next(1)).toEqual(['a["here"]']);
      });

      it("a path that ends in an app's key is that of a WebSocket without SockJS", async () => {
        const client = await open(port(), "/pusher/x/app/websocket");
        client.command({ do: "send", texts: ["plain"] });
        expect(await client.next(1)).toEqual(["plain"]);
      });
    });

    describe("over HTTP requests", () => {
      it("[FALL11] polls: opens, takes messages, and sends what is waiting", async () => {
        const session = "/a/pusher/000/polling";
        await openPolling(session);
        await post(`${session}/xhr_send`, frameOf({ do: "send", texts: ["one", "two"] }, { do: "describe" }));
        const messages: string[] = [];
        while (messages.length < 3) {
          // The number is for load balancers only.
          const text = await poll("/pusher/999/polling");
          expect(text.at(-1)).toBe("\n");
          messages.push(...(JSON.parse(text.slice(1)) as string[]));
        }
        expect(messages.slice(0, 2)).toEqual(["one", "two"]);
        expect(JSON.parse(messages[2] ?? "")).toMatchObject({ path: "/app/key", query: "protocol=7", origin });
      });

      it("[FALL11] sends 404 for a session that does not exist, and for transports that browsers do not need", async () => {
        expect((await post("/pusher/0/none/xhr_send", frameOf("x"))).status).toBe(404);
        for (const path of [
          "0/none/eventsource",
          "0/none/htmlfile",
          "0/none/jsonp",
          "iframe.html",
          "0/none/websocket",
        ]) {
          expect((await fetch(url(`/pusher/${path}`))).status).toBe(404);
        }
        expect(await stateOf(port())).toMatchObject({ opened: 0 });
      });

      it("[FALL11] refuses a second request to receive on while the first one waits", async () => {
        const session = "/pusher/0/twice";
        await openPolling(session);
        const first = await post(`${session}/xhr_streaming`);
        const refused = 'c[2010,"Another connection still open"]\n';
        expect(await poll(session)).toBe(refused);
        expect(await (await post(`${session}/xhr_streaming`)).text()).toBe(prelude + refused);
        const close = { do: "close", code: 4200, reason: "bye", afterwards: "never" } as const;
        await post(`${session}/xhr_send`, frameOf({ do: "send", texts: ["one"] }, close));
        expect(await first.text()).toBe(`${prelude}a["one"]\nc[4200,"bye"]\n`);
      });

      it("[FALL11] streams after 2 KiB, ends an answer after 128 KiB, and goes on with the next one", async () => {
        const session = "/pusher/0/stream";
        const opening = await post(`${session}/xhr_streaming`);
        await post(`${session}/xhr_send`, frameOf(pathMessage, { do: "join", topic: "s" }));
        const whole = opening.text();
        for (let number = 0; number < 20; number += 1) await publish(port(), "s", `${number} ${"y".repeat(10_000)}`);
        let text = await whole;
        expect(text.startsWith(`${prelude}o\na["0 0 y`)).toBe(true);
        expect(text.length).toBeGreaterThan(fullLength);
        expect(text.length).toBeLessThan(2 * fullLength);
        const more = await post(`${session}/xhr_streaming`);
        await post(`${session}/xhr_send`, frameOf({ do: "close", code: 4200, reason: "bye", afterwards: "never" }));
        text += await more.text();
        const frames = text.split("\n").filter((frame) => /^[ac]/.test(frame));
        expect(frames.pop()).toBe('c[4200,"bye"]');
        const numbers = frames
          .flatMap((frame) => JSON.parse(frame.slice(1)) as string[])
          .map((message) => Number(message.split(" ")[1]));
        expect(numbers).toEqual(Array.from({ length: 20 }, (_, index) => index));
      });

      it("[FALL11] refuses a body that is not UTF-8, and closes the session as a WebSocket", async () => {
        const session = "/pusher/0/bytes";
        await openPolling(session);
        const answer = await post(`${session}/xhr_send`, Uint8Array.of(0x5b, 0x22, 0xff, 0x22, 0x5d));
        expect(answer.status).toBe(400);
        expect(await poll(session)).toBe('c[1007,"Text must be UTF-8"]\n');
      });

      it("[FALL11] closes a session with 1009 on a message above the limit, and refuses a body that is no list", async () => {
        const session = "/pusher/0/large";
        await openPolling(session);
        for (const body of ["", "[", '"x"', "{}"]) expect((await post(`${session}/xhr_send`, body)).status).toBe(400);
        await post(`${session}/xhr_send`, frameOf("y".repeat(contractSettings.maxFrameBytes + 1)));
        expect(await poll(session)).toBe('c[1009,"Message too big"]\n');
      });

      it("[FALL11] refuses a large body before it has it", async () => {
        const session = "/pusher/0/body";
        await openPolling(session);
        const socket = connect(port(), "127.0.0.1");
        onTestFinished(() => void socket.destroy());
        socket.write(`POST ${session}/xhr_send HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n[`);
        const [answer] = (await once(socket, "data")) as [Buffer];
        expect(answer.toString()).toMatch(/^HTTP\/1.1 413 /);
      });

      it("[FALL9] closes a session that does not say its path in time", async () => {
        const session = "/pusher/0/slow";
        expect(await poll(session)).toBe("o\n");
        expect(await poll(session)).toBe('c[4104,"Path not received in time"]\n');
        expect((await post(`${session}/xhr_send`, frameOf(pathMessage))).status).toBe(404);
        expect(await stateOf(port())).toMatchObject({ opened: 0 });
      });
    });
  });
}
