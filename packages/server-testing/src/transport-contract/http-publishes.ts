import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { bodiesFrom, openSocket, textUntil } from "./http-socket.ts";

/** What holds for publishes, which a transport may read on a fast path. */
export function publishRules(port: () => number): void {
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
      const socket = openSocket(port());
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
      const socket = openSocket(port());
      socket.end(whole);
      expect(await textUntil(socket, "}")).toContain('"body":"abcdef"');
      await once(socket, "close");
    });
  });
}
