import { once } from "node:events";
import { connect, type AddressInfo, type Socket } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { FakeClock } from "@sealcast/server-testing";
import { systemClock } from "../../../clock/system.ts";
import type { Clock } from "../../../../ports/clock.ts";
import type { HttpReply } from "../../../../ports/transport.ts";
import { FastPathServer, type Pacing } from "./fast-path-server.ts";

const done: HttpReply = { status: 200, headers: { "content-type": "application/json" }, body: "{}" };
const publish = "POST /apps/1/events?a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}";
const handshake = "GET /app/key HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

/** Everything is read as it comes. */
const noPacing: Pacing = { pace: () => undefined, readInPieces: (socket, first) => socket.unshift(first) };

/** A server that records which of its two parsers reads each request; `answer` is what publishes get. */
class FastPathFixture {
  readonly seen: string[] = [];
  readonly server: FastPathServer;

  private constructor(answer: () => HttpReply | Promise<HttpReply>, idleTimeoutMs: number, clock: Clock) {
    this.server = new FastPathServer({}, noPacing, idleTimeoutMs, clock);
    this.server.on("request", (_, response) => {
      this.seen.push("node:http");
      response.end();
    });
    this.server.on("upgrade", (_, socket) => {
      this.seen.push("node:http");
      socket.end();
    });
    this.server.useFastPath({
      isFastPath: (path) => /^\/apps\/[^/]+\/(?:batch_)?events$/.test(path),
      handshake: ({ socket }, early) => {
        this.seen.push(`handshake ${early.toString()}`);
        socket.end();
      },
      publish: () => {
        this.seen.push("publish");
        return answer();
      },
    });
  }

  static async open(
    answer: () => HttpReply | Promise<HttpReply> = () => done,
    idleTimeoutMs = 10_000,
    clock: Clock = systemClock,
  ): Promise<FastPathFixture> {
    const fixture = new FastPathFixture(answer, idleTimeoutMs, clock);
    fixture.server.listen(0, "127.0.0.1");
    await once(fixture.server, "listening");
    onTestFinished(() => {
      fixture.server.close();
      fixture.server.closeAllConnections();
    });
    return fixture;
  }

  connect(): Socket {
    const socket = connect((this.server.address() as AddressInfo).port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    return socket;
  }

  async ask(text: string): Promise<string[]> {
    const socket = this.connect().resume();
    socket.end(text);
    await once(socket, "close");
    return this.seen;
  }
}

/** A fixture that answers when the test calls `answer`. */
async function slowFixture(idleTimeoutMs?: number): Promise<{ fixture: FastPathFixture; answers: (() => void)[] }> {
  const answers: (() => void)[] = [];
  const fixture = await FastPathFixture.open(
    () => new Promise((resolve) => answers.push(() => resolve(done))),
    idleTimeoutMs,
  );
  return { fixture, answers };
}

describe("the fast path", () => {
  test.each([
    ["a publish", publish],
    ["a batch", publish.replace("events", "batch_events")],
    ["one on a connection that goes on", publish.replace("Host", "Connection: keep-alive\r\nHost")],
    [
      "one behind a proxy that says of everything that it is an upgrade",
      publish.replace("Host", "Connection: upgrade\r\nHost"),
    ],
    ["one on a connection that ends", publish.replace("Host", "Connection: close\r\nHost")],
  ])("reads %s", async (_, text) => {
    expect(await (await FastPathFixture.open()).ask(text)).toEqual(["publish"]);
  });

  test.each([
    ["a handshake", handshake, "handshake "],
    ["one of Firefox", handshake.replace("Upgrade\r\n", "keep-alive, Upgrade\r\n"), "handshake "],
    ["one with frames behind it", `${handshake}frames`, "handshake frames"],
  ])("reads %s", async (_, text, seen) => {
    expect(await (await FastPathFixture.open()).ask(text)).toEqual([seen]);
  });

  test.each([
    ["another path", publish.replace("events", "channels")],
    ["a path behind a prefix", publish.replace("/apps", "/prefix/apps")],
    ["a body that is not whole", publish.slice(0, -1)],
    ["a length that no number is", publish.replace(": 2", ": 02")],
    [
      "a publish that asks for another protocol",
      publish.replace("Host", "Connection: Upgrade\r\nUpgrade: h2c\r\nHost"),
    ],
    ["another upgrade", handshake.replace("websocket", "h2c")],
    ["an upgrade that the connection does not name", handshake.replace("Connection: Upgrade", "Connection: close")],
    ["a handshake with a body", handshake.replace("Host", "Content-Length: 0\r\nHost")],
  ])("leaves %s to node:http", async (_, text) => {
    const seen = await (await FastPathFixture.open()).ask(text);
    expect(seen.filter((side) => side !== "node:http")).toEqual([]);
  });

  test("leaves a connection to node:http after any other request", async () => {
    const fixture = await FastPathFixture.open();
    const socket = fixture.connect();
    for (const text of [publish, publish.replace("events", "channels"), publish]) {
      socket.write(text);
      await once(socket, "data");
    }
    expect(fixture.seen).toEqual(["publish", "node:http", "node:http"]);
  });

  test("ends a connection that sends nothing", async () => {
    const socket = (await FastPathFixture.open(undefined, 50)).connect().resume();
    await once(socket, "close");
    expect(socket.bytesRead).toBe(0);
  });

  test("measures how long a connection is idle without the calendar, which operators set forward and back", async () => {
    const clock = new FakeClock();
    const dayMs = 86_400_000;
    const fixture = await FastPathFixture.open(undefined, 10_000, clock);
    const socket = fixture.connect();
    const ask = async (): Promise<void> => {
      socket.write(publish);
      await once(socket, "data");
    };
    await ask();
    clock.set(clock.now() + dayMs);
    clock.advance(2_500);
    await ask();
    expect(fixture.seen).toEqual(["publish", "publish"]);
    clock.set(clock.now() - 2 * dayMs);
    clock.advance(10_000);
    await once(socket, "close");
  });

  test("keeps a connection that waits for its answer", async () => {
    const { fixture, answers } = await slowFixture(50);
    const publisher = fixture.connect();
    publisher.write(publish);
    await expect.poll(() => answers.length).toBe(1);
    await once(fixture.connect().resume(), "close");
    answers.shift()?.();
    const [text] = (await once(publisher, "data")) as [Buffer];
    expect(text.toString()).toMatch(/^HTTP\/1.1 200 /);
  });

  test("answers one request of a connection after the other", async () => {
    const { fixture, answers } = await slowFixture();
    const socket = fixture.connect();
    socket.write(publish);
    await expect.poll(() => answers.length).toBe(1);
    socket.write(publish.replace("events", "channels"));
    answers.shift()?.();
    await once(socket, "data");
    await expect.poll(() => fixture.seen).toEqual(["publish", "node:http"]);
  });

  test("reads no further request before the answer", async () => {
    const { fixture, answers } = await slowFixture();
    const socket = fixture.connect();
    socket.write(publish);
    await expect.poll(() => answers.length).toBe(1);
    socket.write(publish.repeat(2));
    // By now, the server has received them.
    await fixture.ask(handshake);
    expect(answers).toHaveLength(1);
    answers.shift()?.();
    await expect.poll(() => fixture.seen).toEqual(["publish", "handshake ", "node:http", "node:http"]);
  });

  test("answers a client that has sent everything, and then ends the connection", async () => {
    const { fixture, answers } = await slowFixture();
    const socket = fixture.connect();
    const parts: Buffer[] = [];
    socket.on("data", (part: Buffer) => parts.push(part));
    socket.end(publish);
    await expect.poll(() => answers.length).toBe(1);
    // By now, the server has received the end.
    await fixture.ask(handshake);
    answers.shift()?.();
    await once(socket, "close");
    expect(Buffer.concat(parts).toString()).toMatch(/^HTTP\/1.1 200 OK\r\n.*\r\n\r\n\{\}$/s);
  });

  test("takes nothing from a client that does not read its answers", async () => {
    const fixture = await FastPathFixture.open(() => ({ ...done, body: "x".repeat(32_000_000) }));
    const socket = fixture.connect().pause();
    socket.write(publish);
    await expect.poll(() => fixture.seen, { timeout: 15_000 }).toEqual(["publish"]);
    socket.write(publish);
    await fixture.ask(handshake);
    expect(await fixture.ask(handshake)).toEqual(["publish", "handshake ", "handshake "]);
    socket.resume();
    // 32 MB may take seconds on a machine with slow memory.
    await expect
      .poll(() => fixture.seen, { timeout: 15_000 })
      .toEqual(["publish", "handshake ", "handshake ", "publish"]);
  });
});

describe("a server that closes", () => {
  test("ends connections without a request under way at once", async () => {
    const fixture = await FastPathFixture.open();
    const silent = fixture.connect().resume();
    const idle = fixture.connect();
    idle.write(publish);
    await once(idle, "data");
    const gone = Promise.all([once(silent, "close"), once(idle.resume(), "close")]);
    fixture.server.close();
    await gone;
    expect(fixture.seen).toEqual(["publish"]);
  });

  test.each(["events", "channels"])(
    "answers a request to /%s that is sent as it closes, if it lingers",
    async (path) => {
      const fixture = await FastPathFixture.open();
      const request = publish.replace("events", path);
      const [busy, idle] = [fixture.connect(), fixture.connect()];
      for (const socket of [busy, idle]) {
        socket.write(request);
        await once(socket, "data");
      }
      fixture.server.linger();
      fixture.server.close();
      busy.write(request);
      const [text] = (await once(busy, "data")) as [Buffer];
      expect(text.toString().toLowerCase()).toContain("connection: close");
      const closing = setInterval(() => fixture.server.closeIdleConnections(), 10);
      onTestFinished(() => clearInterval(closing));
      await once(idle.resume(), "close");
    },
  );

  test("lets an answer that is under way finish", async () => {
    const { fixture, answers } = await slowFixture();
    const socket = fixture.connect();
    socket.write(publish);
    await expect.poll(() => answers.length).toBe(1);
    fixture.server.close();
    fixture.server.closeIdleConnections();
    answers.shift()?.();
    const [text] = (await once(socket, "data")) as [Buffer];
    expect(text.toString()).toMatch(/^HTTP\/1.1 200 OK\r\n.*\r\n\r\n\{\}$/s);
    fixture.server.closeIdleConnections();
    await once(socket.resume(), "close");
  });

  test("tells clients which answer is the last on their connection", async () => {
    const { fixture, answers } = await slowFixture();
    const publisher = fixture.connect();
    publisher.write(publish);
    await expect.poll(() => answers.length).toBe(1);
    fixture.server.close();
    answers.shift()?.();
    const [text] = (await once(publisher, "data")) as [Buffer];
    expect(text.toString()).toContain("connection: close");
    await once(publisher, "close");
  });

  test("tells clients whose requests node:http answers, too", async () => {
    const fixture = await FastPathFixture.open();
    const socket = fixture.connect();
    socket.write(publish.replace("events", "channels").slice(0, -1));
    await expect.poll(() => fixture.seen).toEqual(["node:http"]);
    fixture.server.close();
    socket.write(`}${publish.replace("events", "channels")}`);
    let text = "";
    socket.on("data", (part: Buffer) => (text += part.toString()));
    await once(socket, "close");
    expect(text.toLowerCase()).toContain("connection: close");
  });

  test("cuts every connection at once with closeAllConnections", async () => {
    const fixture = await FastPathFixture.open(() => new Promise(() => undefined));
    const socket = fixture.connect().resume();
    socket.write(publish);
    await expect.poll(() => fixture.seen).toEqual(["publish"]);
    fixture.server.closeAllConnections();
    await once(socket, "close");
    expect(socket.bytesRead).toBe(0);
  });
});
