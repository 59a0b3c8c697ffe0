import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { createAuthHandler, generateMasterKey, Sealcast, type EncryptionOptions } from "@sealcast/server-sdk";
import { expressHandler } from "@sealcast/server-sdk/express";
import express, { type Express, type Request } from "express";
import { answerError } from "./answer-error.ts";
import type { PageSettings } from "./page-settings.ts";
import type { KeyChange, Message } from "./room-events.ts";
import { Sessions, type Session } from "./sessions.ts";

/** Where the Sealcast server is, and what this backend signs and encrypts with. */
export interface ChatOptions {
  readonly host: string;
  readonly port: number;
  readonly appId: string;
  readonly key: string;
  readonly secret: string;
  /** Base64 of 32 bytes: the first master key. This backend knows it; the Sealcast server never gets it. */
  readonly masterKey: string;
}

/** The one room. Its prefix makes it end-to-end encrypted. */
export const room = "private-encrypted-lobby";

/** Longest message, in characters; encrypted it stays below the server's limit for one event. */
const longestText = 1_000;

/** How long messages wait when the key changes. One process has one clock, so half of the default is plenty. */
const rotationPauseMs = 1_000;

/** Replaced keys that the ring keeps: what was sealed under them may still be on its way. */
const keptKeys = 3;

const publicFolder = fileURLToPath(new URL("../public", import.meta.url));
const scriptFolder = fileURLToPath(new URL("../dist/page", import.meta.url));
const pusherFolder = dirname(
  createRequire(import.meta.url).resolve("pusher-js/dist/web/pusher-with-encryption.min.js"),
);

/** The backend of the chat: it knows who is who, says who may join the room, and publishes what users write. */
export function createChat(options: ChatOptions): Express {
  const { host, port, appId, key, secret, masterKey } = options;
  let encryption: EncryptionOptions = { ring: [{ key: masterKey }], rotationPauseMs };
  const sealcast = new Sealcast({ appId, key, secret, host, port, useTLS: false, encryption });
  const sessions = new Sessions();
  const sessionOf = (request: Request): Session | undefined => sessions.find(request.headers.cookie);

  const chat = express();
  chat.disable("x-powered-by");
  chat.use((_, response, next) => {
    response.set("Content-Security-Policy", `default-src 'self'; connect-src 'self' ws://${host}:${port}`);
    next();
  });
  chat.use("/assets", express.static(publicFolder), express.static(scriptFolder), express.static(pusherFolder));

  chat.get("/", (_, response) => response.sendFile("login.html", { root: publicFolder }));

  chat.post("/login", express.urlencoded(), (request, response) => {
    const name = (request.body as { name?: unknown } | undefined)?.name;
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
  const auth = createAuthHandler({
    sealcast,
    authenticate: (request) => {
      const session = sessions.find(request.headers.get("cookie"));
      return session && { id: session.tab };
    },
    authorize: ({ channel }) => channel === room,
  });
  chat.post("/chat/:tab/auth", expressHandler(auth));

  let lastNumber = 0;
  chat.post("/chat/:tab/messages", express.json(), async (request, response) => {
    const session = sessionOf(request);
    if (session === undefined) return void response.sendStatus(403);
    const text = (request.body as { text?: unknown } | undefined)?.text;
    if (typeof text !== "string" || text.trim() === "" || text.length > longestText) {
      return void response.status(400).send(`Write 1 to ${longestText} characters.`);
    }
    lastNumber += 1;
    const message: Message = { from: session.name, text, sentAt: Date.now(), number: lastNumber };
    await sealcast.trigger(room, "message", message);
    response.sendStatus(204);
  });

  // Several backends would agree on an instant ahead. This one is alone and changes its key at once.
  async function changeKey(): Promise<void> {
    const changedAt = Date.now();
    encryption = {
      ring: [...encryption.ring.slice(-keptKeys), { key: generateMasterKey(), from: changedAt }],
      rotationPauseMs,
    };
    sealcast.replaceRing(encryption);
    // Waits until the rotation pause is over, and is then the first event under the new key.
    await sealcast.trigger(room, "key-changed", { changedAt } satisfies KeyChange);
  }

  let change: Promise<void> | undefined;
  chat.post("/chat/:tab/rotate", async (request, response) => {
    if (sessionOf(request) === undefined) return void response.sendStatus(403);
    // Whoever presses the button during a change takes part in it.
    change ??= changeKey().finally(() => (change = undefined));
    await change;
    response.sendStatus(204);
  });

  chat.use(answerError);
  return chat;
}
