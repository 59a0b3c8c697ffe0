import { once } from "node:events";
import { expect, it } from "vitest";
import { openSocket, streamed, textUntil } from "./http-socket.ts";

/** What holds for every request. */
export function requestRules(port: () => number): void {
  function url(path: string): string {
    return `http://127.0.0.1:${port()}${path}`;
  }

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
    for (const answer of answers) expect(await answer.json()).toMatchObject({ address: "203.0.113.7", secure: false });
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

  it.each(["/throw", "/reject", "/apps/throw/events", "/apps/reject/events"])(
    "answers %s with 500, and goes on",
    async (path) => {
      const response = await fetch(url(path), { method: "POST" });
      expect([response.status, await response.text()]).toEqual([500, "internal\n"]);
      expect((await fetch(url("/echo"))).status).toBe(200);
    },
  );

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
    const socket = openSocket(port());
    const closed = once(socket, "close");
    socket.write(request);
    expect(await textUntil(socket, "\r\n\r\n")).toMatch(/^HTTP\/1.1 400 /);
    await closed;
  });

  it.each([
    {
      what: "a whole URL as target",
      request: "GET http://a.example:6001/echo?b=1 HTTP/1.1\r\nHost: a.example\r\n\r\n",
    },
    { what: "HTTP/1.0 without Host", request: "GET /echo?b=1 HTTP/1.0\r\n\r\n" },
  ])("[HTTP19] takes $what", async ({ request }) => {
    const socket = openSocket(port());
    socket.write(request);
    expect(await textUntil(socket, "}")).toContain('"path":"/echo","query":"b=1"');
  });
}
