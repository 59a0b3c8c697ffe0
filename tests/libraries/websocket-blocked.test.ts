import { createServer, request as forward } from "node:http";
import type { AddressInfo } from "node:net";
import { startServer } from "@sealcast/server-testing";
import { expect, onTestFinished, test } from "vitest";
import { startAppBackend } from "../fixtures/app-backend.ts";
import { PusherJs } from "../fixtures/pusher-js.ts";
import { PusherJsClient, pusherJsOptions } from "./pusher-js-client.ts";
import { credentials } from "../fixtures/credentials.ts";

/** A proxy that passes requests on and knows nothing of upgrades, as some networks have them. */
async function startOldProxy(target: number): Promise<number> {
  const proxy = createServer((incoming, answer) => {
    const { method, url, headers } = incoming;
    const outgoing = forward({ host: "127.0.0.1", port: target, method, path: url, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    outgoing.on("error", () => answer.destroy());
    answer.on("close", () => outgoing.destroy());
    incoming.pipe(outgoing);
  });
  proxy.on("upgrade", (_, socket) => socket.destroy());
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return (proxy.address() as AddressInfo).port;
}

test("[FALL1] [FALL3] [ENC3] pusher-js finds its own way where WebSocket is blocked, and works as ever", async () => {
  const server = await startServer();
  onTestFinished(() => server.close());
  const backend = await startAppBackend(server.port);
  onTestFinished(() => backend.close());
  const serverPort = await startOldProxy(server.port);
  const options = pusherJsOptions({ serverPort, backendUrl: backend.url, user: "ada" });
  const client = new PusherJsClient(
    new PusherJs(credentials.key, { ...options, enabledTransports: ["ws", "xhr_streaming"] }),
  );
  onTestFinished(() => client.close());
  await client.connected();
  for (const channel of ["blocked", "private-blocked", "presence-blocked", "private-encrypted-cache-blocked"]) {
    expect(await client.subscribe(channel)).toBe("subscribed");
    await backend.pusher.trigger(channel, "news", { through: "http" });
    expect((await client.next(channel, "news")).data).toEqual({ through: "http" });
  }
});
