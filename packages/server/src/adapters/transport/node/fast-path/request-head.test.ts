import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { connect, type AddressInfo } from "node:net";
import * as fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { readHead } from "./request-head.ts";

const read = (text: string): ReturnType<typeof readHead> => readHead(Buffer.from(text, "latin1"));
const plain = "POST /apps/1/events?a=b%20c HTTP/1.1\r\nHost: a:6001\r\nX-Long_1:  two words \r\nEmpty:\r\n\r\n";

describe("a plain head", () => {
  test("is read with its fields, and says where the body begins", () => {
    expect(read(`${plain}body`)).toEqual({
      method: "POST",
      url: "/apps/1/events?a=b%20c",
      headers: { host: "a:6001", "x-long_1": "two words", empty: "" },
      bytes: plain.length,
    });
  });

  test("may name fields as objects name theirs", () => {
    const headers = read("GET / HTTP/1.1\r\nHost: a\r\n__proto__: b\r\nconstructor: c\r\n\r\n")?.headers;
    expect(Object.entries(headers ?? {})).toEqual([
      ["host", "a"],
      ["__proto__", "b"],
      ["constructor", "c"],
    ]);
  });
});

test.each([
  ["nothing", ""],
  ["a head that goes on", plain.slice(0, -2)],
  ["another method", plain.replace("POST", "PUT")],
  ["an older version", plain.replace("1.1", "1.0")],
  ["an absolute target", plain.replace("/apps", "http://a/apps")],
  ["a target with a space", plain.replace("b%20c", "b c")],
  ["a target beyond ASCII", plain.replace("b%20c", "é")],
  ["two spaces", plain.replace("POST ", "POST  ")],
  ["no host", plain.replace("Host", "Hose")],
  ["a field twice", plain.replace("Empty", "host")],
  ["a folded field", plain.replace("Empty:", "Empty:\r\n more")],
  ["a space before the colon", plain.replace("Empty:", "Empty :")],
  ["a field without a name", plain.replace("Empty:", ":")],
  ["a field without a colon", plain.replace("Empty:", "Empty")],
  ["a line feed without a carriage return", plain.replace("Empty:", "Empty: a\nb: c")],
  ["a carriage return without a line feed", plain.replace("Empty:", "Empty: a\rb: c")],
  ["a control character", plain.replace("Empty:", "Empty: \0")],
  ["a value beyond ASCII", plain.replace("two", "zwöi")],
  ["an empty line first", `\r\n${plain}`],
  ["chunks", plain.replace("Empty:", "Transfer-Encoding: chunked")],
  ["a question first", plain.replace("Empty:", "Expect: 100-continue")],
  ["a head above 8 KiB", plain.replace("Empty:", `Empty: ${"x".repeat(8_192)}`)],
])("leaves %s to node:http", (_, text) => {
  expect(read(text)).toBeUndefined();
});

test("means what node:http takes a head for, whatever stands in it", async () => {
  let seen: ((message: IncomingMessage) => void) | undefined;
  const server = createServer((request) => seen?.(request)).on("upgrade", (request) => seen?.(request));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;

  /** What `node:http` reads, or undefined if it refuses. */
  async function byNode(text: string): Promise<IncomingMessage | undefined> {
    const socket = connect(port, "127.0.0.1");
    const message = await new Promise<IncomingMessage | undefined>((resolve) => {
      seen = resolve;
      socket.on("error", () => undefined).on("close", () => resolve(undefined));
      socket.resume().end(text, "latin1");
    });
    socket.destroy();
    return message;
  }

  const target = fc.string({ unit: fc.constantFrom("/", "a", "?", "&", "=", "%", "2", "é", "#", " "), maxLength: 8 });
  const name = fc.oneof(
    fc.constantFrom("connection", "Upgrade", "Cookie", "Host", "x-a", "__proto__", "toString"),
    fc.string({ unit: fc.constantFrom("a", "B", "-", "_", " ", ":", "é", "\t"), maxLength: 4 }),
  );
  const value = fc.string({
    unit: fc.constantFrom("a", "0", " ", "\t", ":", ",", "é", "\r", "\n", "\0", '"'),
    maxLength: 6,
  });
  const field = fc.tuple(name, fc.constantFrom(":", ": ", ":\t ", " :"), value).map((parts) => parts.join(""));
  const head = fc
    .tuple(
      fc.constantFrom("GET", "POST"),
      target,
      fc.array(field, { maxLength: 4 }),
      fc.constantFrom("\r\n", "\r\n", "\n"),
    )
    .map(([method, path, fields, end]) => `${[`${method} /${path} HTTP/1.1`, "Host: a", ...fields].join(end)}\r\n\r\n`);

  let plainHeads = 0;
  await fc.assert(
    fc.asyncProperty(head, async (text) => {
      const ours = read(text);
      if (ours === undefined) return;
      const node = await byNode(text);
      plainHeads += 1;
      expect({ method: node?.method, url: node?.url }).toEqual({ method: ours.method, url: ours.url });
      const raw = node?.rawHeaders.map((part, index) => (index % 2 === 0 ? part.toLowerCase() : part));
      expect(raw).toEqual(Object.entries(ours.headers).flat());
    }),
    { numRuns: 500 },
  );
  expect(plainHeads).toBeGreaterThan(20);
});
