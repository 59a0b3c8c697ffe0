import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { startServer } from "@sealcast/server-testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { startBunServer } from "../../fixtures/bun-server.ts";

/** Times after which the servers look for idle connections are seconds. */
const timeoutMs = 30_000;

/** Sends a request, and returns its connection when the reply has come. */
async function kept(port: number, line: string): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.write(`${line} HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n`);
  const [reply] = (await once(socket, "data")) as [Buffer];
  expect(reply.toString()).toMatch(/^HTTP\/1\.1 /);
  return socket;
}

describe.each([
  { runtime: "Node.js", start: (keepAliveSeconds?: number) => startServer({ settings: settingsOf(keepAliveSeconds) }) },
  { runtime: "Bun", start: (keepAliveSeconds?: number) => startBunServer(settingsOf(keepAliveSeconds)) },
])("$runtime", ({ start }) => {
  test.each(["GET /up", "POST /apps/1001/events"])(
    "a connection with an answered %s is closed after keepAliveSeconds, and not before",
    { timeout: timeoutMs },
    async (line) => {
      const servers = await Promise.all([start(1), start()]);
      onTestFinished(async () => void (await Promise.all(servers.map((server) => server.close()))));
      const [short, byDefault] = await Promise.all(servers.map(({ port }) => kept(port, line)));
      await once(short as Socket, "close");
      expect(byDefault?.readyState).toBe("open");
      byDefault?.write("GET /up HTTP/1.1\r\nHost: a\r\n\r\n");
      expect(String(await once(byDefault as Socket, "data"))).toMatch(/^HTTP\/1\.1 200 /);
    },
  );
});

test("Bun serves with time-outs above the 255 seconds that it allows", { timeout: timeoutMs }, async () => {
  const server = await startBunServer({ handshakeTimeoutSeconds: 300, keepAliveSeconds: 3_600 });
  onTestFinished(() => server.close());
  const socket = await kept(server.port, "GET /up");
  expect(socket.readyState).toBe("open");
});

test.each(["GET /up", "POST /apps/1001/events"])(
  "%s on a kept connection, sent while Node.js stops, is answered as the last one",
  async (line) => {
    const { server, port } = await startServer();
    const socket = await kept(port, line);
    // It no longer listens when it reads this.
    const drained = server.drain();
    socket.write(`${line} HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n`);
    const reply = once(socket, "data");
    const ended = once(socket, "end").then(() => ["ended without an answer"]);
    expect(String(await Promise.race([reply, ended]))).toMatch(/^HTTP\/1\.1 [^]*\r\nconnection: close\r\n/i);
    await drained;
  },
);

function settingsOf(keepAliveSeconds: number | undefined): { readonly keepAliveSeconds?: number } {
  return keepAliveSeconds === undefined ? {} : { keepAliveSeconds };
}
