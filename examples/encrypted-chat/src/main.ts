import { randomBytes } from "node:crypto";
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
  // A new key at every start is enough for a chat that keeps nothing.
  masterKey: env["CHAT_MASTER_KEY"] ?? randomBytes(32).toString("base64"),
});

const listener = chat.listen(Number(env["CHAT_PORT"] ?? 3000), "127.0.0.1", (error) => {
  if (error) {
    console.error(`The chat cannot listen: ${error.message}. Choose another port with CHAT_PORT.`);
    process.exit(1);
  }
  console.log(`Encrypted chat  http://127.0.0.1:${(listener.address() as AddressInfo).port}`);
});
