import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { stateOf } from "./client.ts";
import { contractSettings } from "./settings.ts";
import { contractBodyBytes, contractStreamBytes } from "./server.ts";

/** Options of a request whose body is a stream. `fetch` requires `duplex`, which the types of browsers lack. */
const streamed = { method: "POST", duplex: "half" } as const;

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
        address: "127.0.0.1",
        secure: true,
        body,
      });
      expect(response.headers.get("x-contract")).toBe("kept");
      expect(response.headers.get("content-type")).toBe("text/plain");
    });

    it("[HTTP20] takes the address of a client from a proxy on this machine", async () => {
      const headers = { "x-forwarded-for": "198.51.100.1, 203.0.113.7" };
      const answers = await Promise.all([
        fetch(url("/echo"), { headers }),
        fetch(url("/apps/1/events"), { method: "POST", headers, body: "x" }),
      ]);
      for (const answer of answers)
        expect(await answer.json()).toMatchObject({ address: "203.0.113.7", secure: false });
    });

    it("takes a request without a body, and one of unknown length", async () => {
      expect(await (await fetch(url("/echo"))).json()).toMatchObject({ method: "GET", body: "", secure: false });
      const body = new Blob(["in ", "parts"]).stream();
      const request = new Request(url("/echo"), { ...streamed, body });
      expect(await (await fetch(request)).json()).toMatchObject({ method: "POST", body: "in parts" });
    });

    it("passes on header fields by name, and repeated ones joined", async () => {
      const headers: [string, string][] = [
        ["Cookie", "a=b; c=d"],
        ["X-Two", "one"],
        ["X-Two", "two"],
      ];
      const response = await fetch(url("/headers?name=cookie&name=x-two&name=x-none&name=__proto__"), { headers });
      expect(await response.json()).toEqual(["a=b; c=d", "one, two", null, null]);
    });

    it("replies with bytes as they are", async () => {
      const response = await fetch(url("/bytes"));
      expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 1, 127, 128, 255]);
      expect(response.headers.get("content-length")).toBe("5");
    });

    it("takes a body that is just within the limit", async () => {
      const response = await fetch(url("/echo"), { method: "POST", body: "x".repeat(contractBodyBytes) });
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ body: "x".repeat(contractBodyBytes) });
    });

    it.each([contractBodyBytes + 1, 8 * contractBodyBytes])("answers a body of %d bytes with 413", async (bytes) => {
      const response = await fetch(url("/echo"), { method: "POST", body: "x".repeat(bytes) });
      expect([response.status, await response.text()]).toEqual([413, "bodyTooLarge\n"]);
    });

    it("answers a body that turns out too long with 413", async () => {
      const body = new Blob([new Uint8Array(contractBodyBytes), "x"]).stream();
      const request = new Request(url("/echo"), { ...streamed, body });
      expect((await fetch(request)).status).toBe(413);
    });

    it("accepts complete bodies while unfinished bodies use all the shared memory", async () => {
      const part = Buffer.alloc(contractBodyBytes - 1, "x");
      const head = `POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: ${contractBodyBytes}\r\n\r\n`;
      const unfinished = Array.from({ length: contractSettings.maxBufferedBytes / contractBodyBytes }, () => {
        const socket = connect(port(), "127.0.0.1");
        onTestFinished(() => void socket.destroy());
        socket.on("error", () => undefined).write(head);
        socket.write(part);
        return socket;
      });
      await expect.poll(() => unfinished.every(({ bytesWritten }) => bytesWritten > part.length)).toBe(true);
      const answers = await Promise.all(
        Array.from({ length: 3 }, () => fetch(url("/echo"), { method: "POST", body: part })),
      );
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    });

    it("refuses bodies that together exceed the memory limit, and accepts bodies again afterwards", async () => {
      const part = Buffer.alloc(contractBodyBytes - 1, "x");
      const head = `POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: ${contractBodyBytes}\r\n\r\n`;
      const unfinished = Array.from({ length: 2 * (contractSettings.maxBufferedBytes / contractBodyBytes) }, () => {
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

    it.each(["Content-Length: 100000", "Transfer-Encoding: chunked"])(
      "[HTTP26] refuses a request because of its head before it has the body: %s",
      async (field) => {
        const socket = connect(port(), "127.0.0.1");
        onTestFinished(() => void socket.destroy());
        socket.write(`POST /refused HTTP/1.1\r\nHost: a\r\n${field}\r\n\r\n`);
        expect(await textUntil(socket, "refused")).toMatch(/^HTTP\/1.1 403 /);
      },
    );

    it("ignores an upgrade to another protocol, and answers with HTTP/1.1", async () => {
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

    it.each(["/throw", "/reject", "/apps/throw/events", "/apps/reject/events"])(
      "answers %s with 500, and goes on",
      async (path) => {
        const response = await fetch(url(path), { method: "POST" });
        expect([response.status, await response.text()]).toEqual([500, "internal\n"]);
        expect((await fetch(url("/echo"))).status).toBe(200);
      },
    );

    describe.each(["/apps/1/events", "/apps/1/batch_events"])("a publish to %s", (path) => {
      const line = `POST ${path}?auth_key=a%20b HTTP/1.1\r\n`;
      const whole = `${line}Host: a\r\nContent-Length: 6\r\n\r\nabcdef`;

      it.each([
        { way: "at once", parts: [whole] },
        { way: "in two parts of the head", parts: [whole.slice(0, 40), whole.slice(40)] },
        { way: "head first", parts: [whole.slice(0, -6), "abcdef"] },
        { way: "in two parts of the body", parts: [whole.slice(0, -2), "ef"] },
        { way: "byte by byte", parts: whole.split("") },
        { way: "in chunks", parts: [`${line}Host: a\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n0\r\n\r\n`] },
        { way: "with fields in any case", parts: [`${line}hOST: a\r\ncontent-LENGTH:6\r\nX_a-1: \r\n\r\nabcdef`] },
        {
          way: "with Expect: 100-continue",
          parts: [`${line}Host: a\r\nExpect: 100-continue\r\nContent-Length: 6\r\n\r\nabcdef`],
        },
        { way: "and another after it", parts: [whole, whole] },
        { way: "together with another", parts: [`${whole}${whole}`] },
        {
          way: "together with the beginning of another",
          parts: [`${whole}${whole.slice(0, 40)}`, whole.slice(40)],
        },
        { way: "as the last of its connection", parts: [whole.replace("Host", "Connection: close\r\nHost")] },
      ])("gets its answer where it comes $way", async ({ parts }) => {
        const socket = connect({ port: port(), host: "127.0.0.1", noDelay: true });
        onTestFinished(() => void socket.destroy());
        const closed = once(socket, "close");
        const answers = bodiesFrom(socket, parts.join("").split(line).length - 1);
        for (const part of parts) await new Promise((resolve) => socket.write(part, resolve));
        for (const answer of await answers) {
          expect(JSON.parse(answer)).toEqual({
            method: "POST",
            path,
            query: "auth_key=a%20b",
            address: "127.0.0.1",
            secure: false,
            body: "abcdef",
          });
        }
        if (parts.join("").includes("close")) await closed;
      });

      it("gets its answer if its client closes its sending side", async () => {
        const socket = connect(port(), "127.0.0.1");
        onTestFinished(() => void socket.destroy());
        socket.end(whole);
        expect(await textUntil(socket, "}")).toContain('"body":"abcdef"');
        await once(socket, "close");
      });
    });

    it.each([
      { what: "a request without a host", request: "POST /apps/1/events HTTP/1.1\r\nContent-Length: 0\r\n\r\n" },
      {
        what: "two lengths",
        request: "POST /apps/1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      },
      {
        what: "a length and chunks",
        request:
          "POST /apps/1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      },
      {
        what: "a folded field",
        request: "POST /apps/1/events HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\nContent-Length: 0\r\n\r\n",
      },
      {
        what: "a field without a name",
        request: "POST /apps/1/events HTTP/1.1\r\nHost: a\r\n: b\r\nContent-Length: 0\r\n\r\n",
      },
      {
        what: "a space before a colon",
        request: "POST /apps/1/events HTTP/1.1\r\nHost: a\r\nContent-Length : 0\r\n\r\n",
      },
      { what: "something else", request: "\u0016\u0003\u0001\r\n\r\n" },
    ])("answers $what with 400, and ends the connection", async ({ request }) => {
      const socket = connect(port(), "127.0.0.1");
      onTestFinished(() => void socket.destroy());
      const closed = once(socket, "close");
      socket.write(request);
      expect(await textUntil(socket, "\r\n\r\n")).toMatch(/^HTTP\/1.1 400 /);
      await closed;
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
      const socket = connect(port(), "127.0.0.1");
      onTestFinished(() => void socket.destroy());
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
      const socket = connect(port(), "127.0.0.1");
      socket.on("error", () => undefined).write(requests);
      await once(socket, "data");
      const closed = once(socket, "close");
      socket.resetAndDestroy();
      await closed;
      await expect.poll(() => stateOf(port())).toMatchObject({ streams: 0 });
      expect((await fetch(url("/echo"))).status).toBe(200);
    });

    it.each([
      {
        what: "a whole URL as target",
        request: "GET http://a.example:6001/echo?b=1 HTTP/1.1\r\nHost: a.example\r\n\r\n",
      },
      { what: "HTTP/1.0 without Host", request: "GET /echo?b=1 HTTP/1.0\r\n\r\n" },
    ])("[HTTP19] takes $what", async ({ request }) => {
      const socket = connect(port(), "127.0.0.1");
      onTestFinished(() => void socket.destroy());
      socket.write(request);
      expect(await textUntil(socket, "}")).toContain('"path":"/echo","query":"b=1"');
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

    it("counts the unsent bytes of a reply while its client does not read", async () => {
      const socket = connect(port(), "127.0.0.1");
      onTestFinished(() => void socket.destroy());
      socket.write("GET /stream?more=500 HTTP/1.1\r\nHost: a\r\n\r\n");
      await once(socket, "readable");
      const most = 500 * contractStreamBytes;
      await expect.poll(async () => (await stateOf(port())).streamBytes).toBeGreaterThan(most / 4);
      socket.resume();
      await expect.poll(() => stateOf(port())).toMatchObject({ streams: 1, streamBytes: 0 });
    });

    it("closes connections with unfinished requests, but not connections with an open reply", async () => {
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

/** Reads this number of response bodies. Each is a flat JSON object. */
async function bodiesFrom(socket: Socket, answers: number): Promise<string[]> {
  const bodies: string[] = [];
  let text = "";
  while (bodies.length < answers) {
    const [chunk] = (await once(socket, "data")) as [Buffer];
    text += chunk.toString();
    bodies.push(...(text.match(/\{[^}]*\}/g) ?? []));
    text = text.slice(text.lastIndexOf("}") + 1);
  }
  return bodies;
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
