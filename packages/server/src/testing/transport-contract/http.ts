import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { stateOf } from "./client.ts";
import { contractLimits } from "./limits.ts";
import { contractBodyBytes, contractStreamBytes } from "./server.ts";

/** Of a request whose body is a stream: `fetch` wants it, the types of browsers do not know it. */
const streamed = { method: "POST", duplex: "half" } as const;

/** What holds for plain requests. */
export function httpRules(port: () => number): void {
  function url(path: string): string {
    return `http://127.0.0.1:${port()}${path}`;
  }

  describe("HTTP", () => {
    it("hands on a request completely, and the reply with its headers", async () => {
      const body = "é".repeat(400_000);
      const headers = { origin: "https://shop.example", "x-forwarded-proto": "https" };
      const response = await fetch(url("/echo?a=%20b&c"), { method: "PUT", body, headers });
      expect(await response.json()).toEqual({
        method: "PUT",
        path: "/echo",
        query: "a=%20b&c",
        origin: "https://shop.example",
        secure: true,
        body,
      });
      expect(response.headers.get("x-contract")).toBe("kept");
      expect(response.headers.get("content-type")).toBe("text/plain");
    });

    it("takes a request without a body, and one of unknown length", async () => {
      expect(await (await fetch(url("/echo"))).json()).toMatchObject({ method: "GET", body: "", secure: false });
      const body = new Blob(["in ", "parts"]).stream();
      const request = new Request(url("/echo"), { ...streamed, body });
      expect(await (await fetch(request)).json()).toMatchObject({ method: "POST", body: "in parts" });
    });

    it("takes a body that is just within the limit", async () => {
      const response = await fetch(url("/echo"), { method: "POST", body: "x".repeat(contractBodyBytes) });
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ body: "x".repeat(contractBodyBytes) });
    });

    it.each([contractBodyBytes + 1, 8 * contractBodyBytes])("answers a body of %d bytes with 413", async (bytes) => {
      const response = await fetch(url("/echo"), { method: "POST", body: "x".repeat(bytes) });
      expect([response.status, await response.text()]).toEqual([413, "Request body too large\n"]);
    });

    it("answers a body that turns out too long with 413", async () => {
      const body = new Blob([new Uint8Array(contractBodyBytes), "x"]).stream();
      const request = new Request(url("/echo"), { ...streamed, body });
      expect((await fetch(request)).status).toBe(413);
    });

    it("refuses bodies that together take more memory than they may, and takes them again afterwards", async () => {
      const part = Buffer.alloc(contractBodyBytes - 1, "x");
      const head = `POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: ${contractBodyBytes}\r\n\r\n`;
      const unfinished = Array.from({ length: 2 * (contractLimits.maxBufferedBytes / contractBodyBytes) }, () => {
        const socket = connect(port(), "127.0.0.1");
        onTestFinished(() => void socket.destroy());
        socket.on("error", () => undefined).write(head);
        socket.write(part);
        return socket;
      });
      const [refusal] = (await Promise.any(unfinished.map((socket) => once(socket, "data")))) as [Buffer];
      expect(refusal.toString()).toMatch(/^HTTP\/1.1 503 /);
      for (const socket of unfinished) socket.destroy();
      await expect.poll(async () => (await fetch(url("/echo"), { method: "POST", body: part })).status).toBe(200);
    });

    it("answers as usual where a client would rather speak another protocol", async () => {
      const socket = connect(port(), "127.0.0.1");
      onTestFinished(() => void socket.destroy());
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
      const socket = connect(port(), "127.0.0.1");
      onTestFinished(() => void socket.destroy());
      socket.write(`${head}Host: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
      expect(await textUntil(socket, "\r\n\r\n")).toMatch(/^HTTP\/1.1 4\d\d /);
      expect(await stateOf(port())).toMatchObject({ opened: 0 });
    });

    it.each(["/throw", "/reject"])("answers %s with 500, and goes on", async (path) => {
      const response = await fetch(url(path));
      expect([response.status, await response.text()]).toEqual([500, "Internal server error\n"]);
      expect((await fetch(url("/echo"))).status).toBe(200);
    });

    it("streams a reply until the client goes", async () => {
      const leave = new AbortController();
      const response = await fetch(url("/stream"), { signal: leave.signal });
      let text = "";
      for await (const chunk of response.body ?? []) {
        text += new TextDecoder().decode(chunk);
        if (text.endsWith("two\n")) break;
      }
      expect(text).toBe("head\none\ntwo\n");
      expect(response.headers.get("x-contract")).toBe("kept");
      leave.abort();
      await expect.poll(() => stateOf(port())).toMatchObject({ streams: 0 });
    });

    it("counts what a reply holds while its client does not read", async () => {
      const socket = connect(port(), "127.0.0.1");
      onTestFinished(() => void socket.destroy());
      socket.write("GET /stream?more=500 HTTP/1.1\r\nHost: a\r\n\r\n");
      await once(socket, "readable");
      const most = 500 * contractStreamBytes;
      await expect.poll(async () => (await stateOf(port())).streamBytes).toBeGreaterThan(most / 4);
      socket.resume();
      await expect.poll(() => stateOf(port())).toMatchObject({ streams: 1, streamBytes: 0 });
    });

    it("cuts clients that do not finish what they began, but no reply that is open", async () => {
      const open = connect(port(), "127.0.0.1");
      onTestFinished(() => void open.destroy());
      open.resume().write("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
      const beginnings = [
        "",
        "POST /echo HTTP/1.1\r\nHost: a\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc",
        "GET /app/key HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n",
      ];
      const cut = beginnings.map(async (beginning) => {
        const socket = connect(port(), "127.0.0.1");
        onTestFinished(() => void socket.destroy());
        socket.resume().write(beginning);
        await once(socket, "close");
      });
      await Promise.all(cut);
      expect(await stateOf(port())).toMatchObject({ streams: 1 });
    });
  });
}

/** What a socket receives up to and including `end`. */
async function textUntil(socket: Socket, end: string): Promise<string> {
  let text = "";
  while (!text.includes(end)) {
    const [chunk] = (await once(socket, "data")) as [Buffer];
    text += chunk.toString();
  }
  return text;
}
