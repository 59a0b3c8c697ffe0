import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { hmac, startServer } from "@sealcast/server-testing";
import { expect, onTestFinished, test } from "vitest";
import { startBunServer } from "../../fixtures/bun-server.ts";
import { credentials } from "../../fixtures/credentials.ts";

const settings = { maxBufferedBytes: 1_048_576, handshakeTimeoutSeconds: 120 };
const runtimes = { "Node.js": () => startServer({ settings }), Bun: () => startBunServer(settings) };
/** An event and white space: long enough for its signature to be checked first. */
const body = JSON.stringify({ name: "e", channel: "a", data: "1" }).padEnd(600_000);
const session = "/app/app-key/1/session";

function open(port: number, head: string): Socket {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => undefined).write(`${head}\r\nHost: a\r\n`);
  return socket;
}

/** The line of a signed publish of the body. */
function publishLine(): string {
  const md5 = createHash("md5").update(body).digest("hex");
  const query = `auth_key=${credentials.key}&auth_timestamp=${Math.floor(Date.now() / 1_000)}&auth_version=1.0&body_md5=${md5}`;
  const signature = hmac(credentials.secret, `POST\n/apps/1001/events\n${query}`);
  return `POST /apps/1001/events?${query}&auth_signature=${signature} HTTP/1.1`;
}

async function firstText(socket: Socket): Promise<string> {
  const [text] = (await once(socket, "data")) as [Buffer];
  return text.toString();
}

test.each(Object.entries(runtimes))(
  "%s keeps a slow signed publish while bodies of fallback sessions, which nobody signs, exceed the memory limit",
  async (_, start) => {
    const server = await start();
    onTestFinished(() => server.close());
    const stream = open(server.port, `POST ${session}/xhr_streaming?protocol=7 HTTP/1.1`);
    stream.write("Content-Length: 0\r\n\r\n");
    expect(await firstText(stream)).toMatch(/^HTTP\/1.1 200 /);

    const publish = open(server.port, publishLine());
    publish.write(`Content-Length: ${body.length}\r\n\r\n${body.slice(0, -1)}`);
    await once(publish, "connect");

    const part = `${(200_000).toString(16)}\r\n${" ".repeat(200_000)}\r\n`;
    const strangers = Array.from({ length: 10 }, () => {
      const socket = open(server.port, `POST ${session}/xhr_send HTTP/1.1`);
      socket.write(`Transfer-Encoding: chunked\r\n\r\n${part}`);
      return socket;
    });
    expect(await Promise.any(strangers.map(firstText))).toMatch(/^HTTP\/1.1 503 /);
    publish.write(body.slice(-1));
    expect(await firstText(publish)).toMatch(/^HTTP\/1.1 200 /);
  },
);
