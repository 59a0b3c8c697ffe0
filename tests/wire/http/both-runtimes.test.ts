import { createHash } from "node:crypto";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { hmac, startServer } from "@sealcast/server-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startBunServer } from "../../fixtures/bun-server.ts";
import { credentials } from "../../fixtures/credentials.ts";

/** One request as it travels, and what Node.js and Bun answer alike. */
interface Row {
  readonly title: string;
  /** Method and target. */
  readonly line: string;
  readonly version?: "1.0" | "1.1";
  /** Header fields besides `Host`. */
  readonly fields?: readonly string[];
  readonly body?: string | Uint8Array;
  /** Status, or statuses of all replies. */
  readonly status: number;
  /** Lower-case header fields that the reply has. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly reply?: string | RegExp;
}

const event = JSON.stringify({ name: "e", channel: "a", data: "1" });
const handshake = ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13"];
const toWebSocket = ["Connection: Upgrade", "Upgrade: websocket", ...handshake];
const path = "/app/app-key?protocol=7";
const sockJsPath = "/pusher/000/aaaaaaaa/websocket";
const ok = { status: 200, reply: "OK\n" } as const;
const noDots = { status: 400, reply: /^Invalid path: / } as const;

/** A body that never comes. */
const announced: readonly string[] = ["Content-Length: 100000"];

/** The line of a signed request. */
function signed(method: string, target: string, body: string | Uint8Array = ""): string {
  const md5 = body.length === 0 ? "" : `&body_md5=${createHash("md5").update(body).digest("hex")}`;
  const query = `auth_key=${credentials.key}&auth_timestamp=${Math.floor(Date.now() / 1_000)}&auth_version=1.0${md5}`;
  return `${method} ${target}?${query}&auth_signature=${hmac(credentials.secret, `${method}\n${target}\n${query}`)}`;
}

function publish(body: string | Uint8Array, fields: readonly string[] = []): Pick<Row, "line" | "body" | "fields"> {
  const line = signed("POST", "/apps/1001/events", body);
  return { line, body, fields: [...fields, `Content-Length: ${Buffer.byteLength(body)}`] };
}

function chunked(trailer: string, fields: readonly string[]): Pick<Row, "line" | "body" | "fields"> {
  const body = `${event.length.toString(16)};ext=1\r\n${event}\r\n0\r\n${trailer}\r\n`;
  return { line: signed("POST", "/apps/1001/events", event), body, fields: [...fields, "Transfer-Encoding: chunked"] };
}

const wronglySigned = signed("POST", "/apps/1001/events").replace(/.$/, "g");

const rows: readonly Row[] = [
  { title: "[HTTP21] the front page", line: "GET /", status: 200, reply: /<h1>Sealcast \d+\.\d+\.\d+<\/h1>/ },
  { title: "[HTTP21] a health check", line: "GET /up", ...ok },
  { title: "[HTTP21] HEAD", line: "HEAD /up", status: 200, headers: { "content-length": "3" }, reply: "" },
  {
    title: "[HTTP21] HEAD of the list of channels",
    line: signed("HEAD", "/apps/1001/channels"),
    status: 200,
    reply: "",
  },
  {
    title: "[HTTP15] HEAD where GET is not",
    line: "HEAD /apps/1001/events",
    status: 405,
    headers: { allow: "POST" },
    reply: "",
  },
  { title: "[HTTP15] POST where only GET is", line: "POST /up", status: 405, headers: { allow: "GET, HEAD" } },
  { title: "[HTTP15] OPTIONS", line: "OPTIONS /up", status: 405, headers: { allow: "GET, HEAD" } },
  { title: "[HTTP21] a publish in one piece", ...publish(event), status: 200, reply: "{}" },
  { title: "[HTTP21] a publish in chunks", ...chunked("", []), status: 200, reply: "{}" },
  {
    title: "[HTTP21] chunks and a trailer",
    ...chunked("X-T: 1\r\n", ["Trailer: X-T"]),
    status: 200,
    headers: { connection: "close" },
    reply: /^\{\}/,
  },
  {
    title: "[HTTP21] GET with a signed body",
    line: signed("GET", "/apps/1001/channels", "xyz"),
    fields: ["Content-Length: 3"],
    body: "xyz",
    status: 200,
    reply: '{"channels":{}}',
  },
  {
    title: "[HTTP21] GET with a body that is not signed",
    line: signed("GET", "/apps/1001/channels"),
    fields: ["Content-Length: 3"],
    body: "xyz",
    status: 200,
    reply: '{"channels":{}}',
  },
  {
    title: "[HTTP21] GET with a body in chunks",
    line: signed("GET", "/apps/1001/channels", "xyz"),
    fields: ["Transfer-Encoding: chunked"],
    body: "3\r\nxyz\r\n0\r\n\r\n",
    status: 200,
    reply: '{"channels":{}}',
  },
  { title: "[HTTP22] dot segments", line: "GET /apps/x/../1001/channels", ...noDots },
  { title: "[HTTP22] dot segments before a health check", line: "GET /a/../up", ...noDots },
  { title: "[HTTP22] a dot segment that changes nothing", line: "GET /./up", ...noDots },
  { title: "[HTTP22] a dot segment at the end", line: "GET /up/.", ...noDots },
  { title: "[HTTP22] encoded dot segments", line: "GET /a/%2e%2E/up", ...noDots },
  { title: "[HTTP22] half-encoded dot segments", line: "GET /a/.%2e/up", ...noDots },
  { title: "[HTTP22] backslashes", line: "GET /a\\..\\up", ...noDots },
  { title: "[HTTP22] dot segments behind an empty one", line: "GET /x//../../up", ...noDots },
  { title: "[HTTP22] dot segments in a whole URL", line: "GET http://a/x/../up", ...noDots },
  { title: "[HTTP22] dot segments before a connection", line: `GET /x/..${path}`, fields: toWebSocket, ...noDots },
  { title: "[HTTP22] a publish with dot segments", ...publish(event), line: "POST /x/../apps/1001/events", ...noDots },
  { title: "[HTTP22] dots in a query", line: "GET /up?a=/../b", ...ok },
  { title: "[HTTP22] three dots", line: "GET /.../up", status: 404, reply: "Nothing here: GET /.../up\n" },
  { title: "[HTTP15] two slashes", line: "GET //up", status: 404, reply: "Nothing here: GET //up\n" },
  { title: "[HTTP15] a slash at the end", line: "GET /up/", status: 404, reply: "Nothing here: GET /up/\n" },
  { title: "[HTTP15] escapes in a path", line: "GET /a%2Fb", status: 404, reply: "Nothing here: GET /a%2Fb\n" },
  { title: "[HTTP15] a long path", line: `GET ${"/x".repeat(40)}`, status: 404, reply: /^Nothing here: / },
  { title: "[HTTP19] a whole URL", line: "GET http://a:1/up?x", ...ok },
  { title: "[HTTP19] a whole URL without a path", line: "GET http://a", status: 200, reply: /^<!doctype html>/ },
  { title: "[HTTP19] HTTP/1.0 without Host", line: "GET /up", version: "1.0", ...ok },
  { title: "[HTTP19] a publish over HTTP/1.0", ...publish(event), version: "1.0", status: 200, reply: "{}" },
  { title: "[HTTP23] WebSocket", line: `GET ${path}`, fields: toWebSocket, status: 101 },
  {
    title: "[HTTP23] WebSocket or HTTP/2",
    line: `GET ${path}`,
    fields: ["Connection: keep-alive, Upgrade", "Upgrade: h2c, WebSocket", ...handshake],
    status: 101,
  },
  {
    title: "[HTTP23] both headers of an upgrade lost",
    line: `GET ${path}`,
    fields: handshake,
    status: 426,
    headers: { upgrade: "websocket" },
    reply: /A proxy in front of the server has dropped them/,
  },
  {
    title: "[HTTP23] only Upgrade",
    line: `GET ${path}`,
    fields: ["Upgrade: websocket", ...handshake],
    status: 426,
    reply: /"Connection: Upgrade" and "Upgrade: websocket"/,
  },
  { title: "[HTTP23] a page instead of a client", line: `GET ${path}`, status: 426, reply: /A proxy may have/ },
  { title: "[HTTP23] a page below a prefix", line: `GET /ws${path}`, status: 426 },
  {
    title: "[HTTP23] [FALL8] SockJS, headers lost",
    line: `GET ${sockJsPath}`,
    fields: handshake,
    status: 426,
    headers: { upgrade: "websocket" },
    reply: /"Connection: Upgrade" and "Upgrade: websocket". A proxy in front of the server has dropped them/,
  },
  {
    title: "[HTTP23] [FALL8] SockJS, a page",
    line: `GET ${sockJsPath}`,
    status: 426,
    reply: /A proxy may have/,
  },
  { title: "[HTTP23] [FALL8] SockJS below a prefix", line: `GET /ws${sockJsPath}`, status: 426 },
  { title: "[FALL8] a transport that is not served", line: "GET /pusher/000/aaaaaaaa/eventsource", status: 404 },
  {
    title: "[HTTP23] another version of WebSocket",
    line: `GET ${path}`,
    fields: ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 12", handshake[0] ?? ""],
    status: 426,
    headers: { "sec-websocket-version": "13" },
  },
  {
    title: "[HTTP23] WebSocket without a key",
    line: `GET ${path}`,
    fields: ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"],
    status: 400,
    reply: /^Invalid WebSocket handshake: /,
  },
  {
    title: "[HTTP24] a compressed body",
    ...publish(gzipSync(event), ["Content-Encoding: gzip"]),
    status: 415,
    headers: { "accept-encoding": "identity" },
    reply: 'Unsupported Content-Encoding "gzip": send the body as it is\n',
  },
  { title: "[HTTP24] a body as it is", ...publish(event, ["Content-Encoding: identity"]), status: 200, reply: "{}" },
  {
    title: "[HTTP24] a byte order mark",
    ...publish(`\uFEFF${event}`),
    status: 400,
    reply: /^Invalid body: it begins with a byte order mark/,
  },
  { title: "[HTTP26] a wrong signature before a long body", line: wronglySigned, fields: announced, status: 401 },
  { title: "[HTTP26] a long body to an unknown app", line: "POST /apps/9/events", fields: announced, status: 404 },
  { title: "[HTTP26] a long body to an unknown path", line: "POST /nothing", fields: announced, status: 404 },
  { title: "[HTTP26] a long body to GET /up", line: "POST /up", fields: announced, status: 405 },
  { title: "[HTTP26] a long body in chunks", line: wronglySigned, fields: ["Transfer-Encoding: chunked"], status: 401 },
  {
    title: "[HTTP26] a long compressed body",
    line: wronglySigned,
    fields: [...announced, "Content-Encoding: gzip"],
    status: 415,
  },
  {
    title: "[HTTP26] a long body to a session that is not",
    line: `POST /app/app-key/1/a/xhr_send`,
    fields: announced,
    status: 404,
  },
  {
    title: "[HTTP26] a long body to a session that receives",
    line: `POST /app/app-key/1/a/xhr`,
    fields: ["Content-Length: 900000"],
    status: 413,
  },
  { title: "[HTTP26] a long body to a relative path", line: "POST /apps/../up", fields: announced, ...noDots },
  { title: "[HTTP25] a head of 15,000 bytes", line: "GET /up", fields: [`X: ${"x".repeat(15_000)}`], ...ok },
  { title: "[HTTP25] a head of 17,000 bytes", line: "GET /up", fields: [`X: ${"x".repeat(17_000)}`], status: 431 },
  { title: "[HTTP25] a target of 17,000 bytes", line: `GET /up?${"x".repeat(17_000)}`, status: 431 },
  {
    title: "[HTTP25] 100 header fields",
    line: "GET /up",
    fields: Array.from({ length: 98 }, (_, i) => `X${i}: 1`),
    ...ok,
  },
];

/** A reply as it came. */
interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends a row, and waits for the end of the reply: `Connection: close` behind it, or the connection that it opens. */
function ask(port: number, { line, version = "1.1", fields = [], body = "" }: Row): Promise<Reply> {
  const isUpgrade = fields.some((field) => field.startsWith("Upgrade:"));
  const all = [`${line} HTTP/${version}`, ...(version === "1.0" ? [] : ["Host: a"]), ...fields];
  if (!isUpgrade && !fields.some((field) => field.startsWith("Connection:"))) all.push("Connection: close");
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(port, "127.0.0.1");
    socket.on("error", reject);
    socket.on("close", () => resolve(parse(text)));
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
      if (text.startsWith("HTTP/1.1 101") || (isUpgrade && isWhole(text))) socket.destroy();
    });
    socket.write(`${all.join("\r\n")}\r\n\r\n`);
    socket.write(body);
  });
}

function parse(text: string): Reply {
  const [head = "", ...rest] = text.split("\r\n\r\n");
  const [statusLine = "", ...lines] = head.split("\r\n");
  const headers = Object.fromEntries(
    lines.map((one) => [one.slice(0, one.indexOf(":")).toLowerCase(), one.slice(one.indexOf(":") + 1).trim()]),
  );
  return { status: Number(statusLine.split(" ")[1]), headers, body: rest.join("\r\n\r\n") };
}

function isWhole(text: string): boolean {
  const { headers, body } = parse(text);
  return headers["content-length"] !== undefined && body.length >= Number(headers["content-length"]);
}

function fits({ reply }: Row, { body }: Reply): boolean {
  if (reply === undefined) return true;
  return typeof reply === "string" ? body === reply : reply.test(body);
}

/** Replies of the server have the time; those of the parsers of Node.js and Bun may not. */
function isDated({ status, headers }: Reply): boolean {
  return status === 431 || status === 101 || !Number.isNaN(Date.parse(headers["date"] ?? ""));
}

const runtimes = { "Node.js": startServer, Bun: startBunServer };

describe.each(Object.entries(runtimes))("%s answers", (_, start) => {
  let server: { readonly port: number; close(): Promise<void> };
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.close());

  test.each(rows)("$title: $status", async (row) => {
    const reply = await ask(server.port, row);
    expect({ ...reply, fits: fits(row, reply), isDated: isDated(reply) }).toMatchObject({
      status: row.status,
      headers: row.headers ?? {},
      fits: true,
      isDated: true,
    });
  });
});
