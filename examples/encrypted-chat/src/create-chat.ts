import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { createAuthHandler, generateMasterKey, Sealcast } from "@sealcast/server-sdk";
import { expressHandler } from "@sealcast/server-sdk/express";
import express, { type Express, type Request } from "express";
import { answerError } from "./answer-error.ts";
import type { PageSettings } from "./page-settings.ts";
import { Room, type RoomKey } from "./room.ts";
import { channelsOf, schemeIn, type Scheme } from "./room-channels.ts";
import type { Person } from "./room-events.ts";
import { Sessions, type Session } from "./sessions.ts";

/** Address of the Sealcast server, and what this backend signs and encrypts with. */
export interface ChatOptions {
  readonly host: string;
  readonly port: number;
  readonly appId: string;
  readonly key: string;
  readonly secret: string;
  /**
   * Base64 of 32 bytes: the first master key of encrypted channels. Only this backend knows it; the Sealcast server never gets
   * it. Sealed channels have a key of their own, new at every start.
   */
  readonly masterKey: string;
  /** How long a message waits for a server that restarts, in milliseconds. Default 5,000. */
  readonly retryWithinMs?: number;
}

/** Longest message, in characters; encrypted it stays below the server's limit for one event. */
const longestText = 1_000;

/** How long messages wait when the key changes, in milliseconds. One process has one clock, so half of the default is enough. */
const rotationPauseMs = 1_000;

const folder = dirname(fileURLToPath(import.meta.url));
const publicFolder = `${folder}/../public`;
const scriptFolder = `${folder}/../dist/page`;

/** Creates the backend of the chat: it knows the users, authorizes them for the room, and publishes what they write. */
export function createChat(options: ChatOptions): Express {
  const { host, port, appId, key, secret, masterKey, retryWithinMs = 5_000 } = options;
  const encryption = { ring: [{ key: masterKey }], rotationPauseMs };
  const sealed = { ring: [{ key: generateMasterKey() }], hideEventNames: true };
  const sealcast = new Sealcast({ appId, key, secret, host, port, useTLS: false, encryption, sealed, retryWithinMs });
  const useRing = (ring: readonly RoomKey[]): void => sealcast.replaceRing({ ...encryption, ring });
  const useSealedRing = (ring: readonly RoomKey[]): void => sealcast.replaceSealed({ ...sealed, ring });
  const rooms: Readonly<Record<Scheme, Room>> = {
    encrypted: new Room(sealcast, channelsOf.encrypted, encryption.ring, useRing),
    sealed: new Room(sealcast, channelsOf.sealed, sealed.ring, useSealedRing),
  };
  const names = Object.values(channelsOf).flatMap((channels) => Object.values(channels) as string[]);
  const sessions = new Sessions(secret);
  const sessionOf = (request: Request): Session | undefined => sessions.find(request.headers.cookie);

  const chat = express();
  chat.disable("x-powered-by");
  chat.use((request, response, next) => {
    const socket = `ws://${hostFor(request, host)}:${port}`;
    response.set("Content-Security-Policy", `default-src 'self'; connect-src 'self' ${socket}`);
    next();
  });
  chat.use("/assets", express.static(publicFolder), express.static(scriptFolder));

  chat.get("/", (_, response) => response.sendFile("login.html", { root: publicFolder }));

  chat.post("/login", express.urlencoded(), (request, response) => {
    const { name, client, scheme } = (request.body ?? {}) as Readonly<Record<string, unknown>>;
    const begun = typeof name === "string" ? sessions.begin(name) : undefined;
    if (begun === undefined) return void response.status(400).send("Give a name of 1 to 30 characters.");
    // The official client cannot read sealed channels.
    const query = scheme === "sealed" ? "?scheme=sealed" : client === "official" ? "?client=official" : "";
    response.append("Set-Cookie", begun.cookie).redirect(303, `/chat/${begun.session.tab}/${query}`);
  });

  chat.get("/chat/:tab/", (request, response) => {
    if (sessionOf(request) === undefined) return response.redirect("/");
    response.sendFile("chat.html", { root: publicFolder });
  });

  chat.get("/chat/:tab/settings", (request, response) => {
    const session = sessionOf(request);
    if (session === undefined) return void refuseStranger(response);
    const { tab: id, name } = session;
    const channels = channelsOf[schemeOf(request)];
    response.json({ id, name, ...channels, key, host: hostFor(request, host), port } satisfies PageSettings);
  });

  // Clients send requests here before they join a channel. The answer holds the room's key: only users get it.
  const auth = createAuthHandler({
    sealcast,
    authenticate: (request) => {
      const session = sessions.find(request.headers.get("cookie"));
      return session && { id: session.tab, user_info: { name: session.name } satisfies Person };
    },
    authorize: ({ channel }) => names.includes(channel),
  });
  chat.post("/chat/:tab/auth", expressHandler(auth));

  chat.post("/chat/:tab/messages", express.json(), async (request, response) => {
    const session = sessionOf(request);
    if (session === undefined) return void refuseStranger(response);
    const text = (request.body as { text?: unknown } | undefined)?.text;
    if (typeof text !== "string" || text.trim() === "" || text.length > longestText) {
      return void response.status(400).send(`Write 1 to ${longestText} characters.`);
    }
    await rooms[schemeOf(request)].say(session.name, text);
    response.sendStatus(204);
  });

  chat.post("/chat/:tab/rotate", async (request, response) => {
    if (sessionOf(request) === undefined) return void refuseStranger(response);
    await rooms[schemeOf(request)].changeKey();
    response.sendStatus(204);
  });

  chat.use(answerError);
  return chat;
}

/** The scheme that the page of a request uses: its requests have the query of its address. */
function schemeOf({ url }: Request): Scheme {
  return schemeIn(url.split("?")[1] ?? "");
}

/** A server on this machine is, for a phone, on the machine whose address the phone has opened. */
function hostFor({ hostname }: Request, host: string): string {
  const isHere = host === "127.0.0.1" || host === "0.0.0.0";
  return isHere && /^([\w.-]+|\[[\da-f:]+\])$/i.test(hostname) ? hostname : host;
}

function refuseStranger(response: express.Response): express.Response {
  return response.status(403).send("Your session has ended: open the start page and log in again.");
}
