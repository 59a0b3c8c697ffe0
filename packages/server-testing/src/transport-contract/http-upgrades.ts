import { once } from "node:events";
import { expect, it } from "vitest";
import { stateOf } from "./client.ts";
import { openSocket, textUntil } from "./http-socket.ts";

const handshake = [
  "GET /app/key HTTP/1.1",
  "Host: a",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "\r\n",
].join("\r\n");
const preferHttp2 = "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";

/** What holds for requests that ask for another protocol. */
export function upgradeRules(port: () => number): void {
  function url(path: string): string {
    return `http://127.0.0.1:${port()}${path}`;
  }

  it("ignores an upgrade to another protocol, and answers with HTTP/1.1", async () => {
    const socket = openSocket(port());
    const head = "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nContent-Length: 6\r\n";
    socket.write(`${head}Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\nabc`);
    socket.write("def");
    const received = await textUntil(socket, "}");
    expect(received).toMatch(/^HTTP\/1.1 200 /);
    expect(received).toContain('"body":"abcdef"');
    socket.write("GET /echo?again HTTP/1.1\r\nHost: a\r\n\r\n");
    expect(await textUntil(socket, "}")).toContain('"query":"again"');
  });

  it.each([
    { what: "without a key", head: "GET /app/key HTTP/1.1\r\nSec-WebSocket-Version: 13\r\n" },
    { what: "of another method", head: "POST /app/key HTTP/1.1\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" },
  ])("refuses an upgrade $what", async ({ head }) => {
    const socket = openSocket(port());
    socket.write(`${head}Host: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    expect(await textUntil(socket, "\r\n\r\n")).toMatch(/^HTTP\/1.1 4\d\d /);
    expect(await stateOf(port())).toMatchObject({ opened: 0 });
  });

  it.each([
    { what: "a WebSocket handshake", upgrade: handshake, answers: ["200", "101"] },
    { what: "a request to upgrade to HTTP/2", upgrade: preferHttp2, answers: ["200", "200"] },
    {
      what: "a row of long requests to upgrade to HTTP/2",
      upgrade: preferHttp2.replace("echo", `echo?${"x".repeat(300)}`).repeat(3),
      answers: ["200", "200", "200", "200"],
    },
  ])("[HTTP19] answers the earlier request first if $what follows it", async ({ upgrade, answers }) => {
    const socket = openSocket(port());
    socket.write(`POST /apps/1/batch_events HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n${upgrade}`);
    let text = "";
    const seen = (): (string | undefined)[] => [...text.matchAll(/HTTP\/1.1 (\d+)/g)].map(([, status]) => status);
    socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
    await expect.poll(seen).toEqual(answers);
  });

  it.each([
    { what: "waits for an earlier reply", requests: `GET /stream HTTP/1.1\r\nHost: a\r\n\r\n${handshake}` },
    { what: "was refused", requests: handshake.replace("13", "12") },
  ])("survives a client that resets its connection while its handshake $what", async ({ requests }) => {
    const socket = openSocket(port());
    socket.on("error", () => undefined).write(requests);
    await once(socket, "data");
    const closed = once(socket, "close");
    socket.resetAndDestroy();
    await closed;
    await expect.poll(() => stateOf(port())).toMatchObject({ streams: 0 });
    expect((await fetch(url("/echo"))).status).toBe(200);
  });
}
