import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import express, { type Express, type Request } from "express";
import Pusher from "pusher";
import type { PageSettings } from "./page-settings.ts";
import { Sessions, type Session } from "./sessions.ts";

/** Where the Sealcast server is, and what this backend signs and encrypts with. */
export interface ChatOptions {
  readonly host: string;
  readonly port: number;
  readonly appId: string;
  readonly key: string;
  readonly secret: string;
  /** Base64 of 32 bytes. This backend knows it; the Sealcast server never gets it. */
  readonly masterKey: string;
}

/** The one room. Its prefix makes it end-to-end encrypted. */
export const room = "private-encrypted-lobby";

/** Longest message, in characters; encrypted it stays below the server's limit for one event. */
const longestText = 1_000;

const publicFolder = fileURLToPath(new URL("../public", import.meta.url));
const scriptFolder = fileURLToPath(new URL("../dist/page", import.meta.url));
const pusherFolder = dirname(
  createRequire(import.meta.url).resolve("pusher-js/dist/web/pusher-with-encryption.min.js"),
);

/** The backend of the chat: it knows who is who, says who may join the room, and publishes what users write. */
export function createChat(options: ChatOptions): Express {
  const { host, port, appId, key, secret, masterKey } = options;
  const pusher = new Pusher({
    appId,
    key,
    secret,
    host,
    port: String(port),
    useTLS: false,
    encryptionMasterKeyBase64: masterKey,
  });
  const sessions = new Sessions();
  const sessionOf = (request: Request<{ tab: string }>): Session | undefined =>
    sessions.find(request.params.tab, request.headers.cookie);

  const chat = express();
  chat.disable("x-powered-by");
  chat.use((_, response, next) => {
    response.set("Content-Security-Policy", `default-src 'self'; connect-src 'self' ws://${host}:${port}`);
    next();
  });
  chat.use("/assets", express.static(publicFolder), express.static(scriptFolder), express.static(pusherFolder));

  chat.get("/", (_, response) => response.sendFile("login.html", { root: publicFolder }));

  chat.post("/login", express.urlencoded(), (request, response) => {
    const { name } = request.body as { name?: unknown };
    const begun = typeof name === "string" ? sessions.begin(name) : undefined;
    if (begun === undefined) return void response.status(400).send("Give a name of 1 to 30 characters.");
    response.append("Set-Cookie", begun.cookie).redirect(303, `/chat/${begun.session.tab}/`);
  });

  chat.get("/chat/:tab/", (request, response) => {
    if (sessionOf(request) === undefined) return response.redirect("/");
    response.sendFile("chat.html", { root: publicFolder });
  });

  chat.get("/chat/:tab/settings", (request, response) => {
    const session = sessionOf(request);
    if (session === undefined) return void response.sendStatus(403);
    response.json({ name: session.name, room, key, host, port } satisfies PageSettings);
  });

  // pusher-js asks here before it joins the room. The answer holds the room's key: users alone get it.
  chat.post("/chat/:tab/auth", express.urlencoded(), (request, response) => {
    const { socket_id: socketId, channel_name: channel } = request.body as Record<string, unknown>;
    if (sessionOf(request) === undefined || channel !== room || typeof socketId !== "string") {
      return void response.sendStatus(403);
    }
    response.json(pusher.authorizeChannel(socketId, channel));
  });

  chat.post("/chat/:tab/messages", express.json(), async (request, response) => {
    const session = sessionOf(request);
    if (session === undefined) return void response.sendStatus(403);
    const { text } = request.body as { text?: unknown };
    if (typeof text !== "string" || text.trim() === "" || text.length > longestText) {
      return void response.status(400).send(`Write 1 to ${longestText} characters.`);
    }
    await pusher.trigger(room, "message", { from: session.name, text, sentAt: Date.now() });
    response.sendStatus(204);
  });

  return chat;
}
