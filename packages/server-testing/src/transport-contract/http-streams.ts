import { once } from "node:events";
import { expect, it } from "vitest";
import { stateOf } from "./client.ts";
import { openSocket } from "./http-socket.ts";
import { contractStreamBytes } from "./server.ts";

/** What holds for replies that do not end by themselves. */
export function streamRules(port: () => number): void {
  function url(path: string): string {
    return `http://127.0.0.1:${port()}${path}`;
  }

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
    const socket = openSocket(port());
    socket.write("GET /stream?more=500 HTTP/1.1\r\nHost: a\r\n\r\n");
    await once(socket, "readable");
    const most = 500 * contractStreamBytes;
    await expect.poll(async () => (await stateOf(port())).streamBytes).toBeGreaterThan(most / 4);
    socket.resume();
    await expect.poll(() => stateOf(port())).toMatchObject({ streams: 1, streamBytes: 0 });
  });

  it("closes connections with unfinished requests, but not connections with an open reply", async () => {
    const open = openSocket(port());
    open.resume().write("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    const beginnings = [
      "",
      "POST /echo HTTP/1.1\r\nHost: a\r\n",
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc",
      "GET /app/key HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n",
    ];
    const cut = beginnings.map(async (beginning) => {
      const socket = openSocket(port());
      socket.resume().write(beginning);
      await once(socket, "close");
    });
    await Promise.all(cut);
    expect(await stateOf(port())).toMatchObject({ streams: 1 });
  });
}
