import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createChat } from "./create-chat.ts";

const { env } = process;
const server = new URL(env["CHAT_SERVER_URL"] ?? "http://127.0.0.1:6001");
const chat = createChat({
  host: server.hostname,
  port: Number(server.port || 80),
  appId: env["CHAT_APP_ID"] ?? "1001",
  key: env["CHAT_APP_KEY"] ?? "app-key",
  secret: env["CHAT_APP_SECRET"] ?? "app-secret",
  // A new key at every start is enough for a chat that stores nothing.
  masterKey: env["CHAT_MASTER_KEY"] ?? randomBytes(32).toString("base64"),
});

const host = env["HOST"] ?? "127.0.0.1";
const chosenPort = env["CHAT_PORT"];
const usualPort = 3_000;

/** Listens on the chosen port, or on the first free one of ten from 3000 on. */
async function listen(): Promise<Server> {
  const ports =
    chosenPort === undefined ? Array.from({ length: 10 }, (_, more) => usualPort + more) : [Number(chosenPort)];
  let problem = "";
  for (const port of ports) {
    try {
      const listener = createServer(chat).listen(port, host);
      await once(listener, "listening");
      return listener;
    } catch (error) {
      problem = (error as Error).message;
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") break;
    }
  }
  console.error(`The chat cannot listen: ${problem}. Choose another port with CHAT_PORT, another address with HOST.`);
  process.exit(1);
}

const { port } = (await listen()).address() as AddressInfo;
console.log(`Encrypted chat  http://${host}:${port}`);
