import { createServer } from "node:http";
import { createAuthHandler, Sealcast, type EncryptionOptions } from "@sealcast/server-sdk";
import { expressHandler } from "@sealcast/server-sdk/express";
import express from "express";
import { credentials } from "../../fixtures/credentials.ts";

/** Several processes of one application behind one address; each request goes to the next one. */
export interface LiveBackends {
  readonly url: string;
  next(): Sealcast;
  /** Replaces the key ring of all of them. */
  replaceRing(encryption: EncryptionOptions): void;
  close(): Promise<void>;
}

/**
 * Starts them in this process, each with its own library instance and clock.
 *
 * @param skewsMs how far each clock is off, in milliseconds.
 * @param pages answers to GET by path.
 */
export async function startLiveBackends(
  serverPort: number,
  skewsMs: readonly number[],
  encryption: EncryptionOptions,
  pages: Readonly<Record<string, string>> = {},
): Promise<LiveBackends> {
  const backends = skewsMs.map((skewMs) => {
    const platform = { now: () => Date.now() + skewMs };
    return new Sealcast({ ...credentials, port: serverPort, encryption, platform });
  });
  let turn = 0;
  const next = (): Sealcast => {
    const backend = backends[turn % backends.length];
    turn += 1;
    if (backend === undefined) throw new Error("No backend was started");
    return backend;
  };
  const app = express();
  for (const [path, page] of Object.entries(pages)) app.get(path, (_request, response) => void response.send(page));
  const endpoint = { authenticate: () => ({ id: "somebody" }), authorize: () => true };
  app.post("/pusher/auth", (request, response, fail) =>
    expressHandler(createAuthHandler({ sealcast: next(), ...endpoint }))(request, response, fail),
  );
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The backends have no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    next,
    replaceRing: (ring) => {
      for (const backend of backends) backend.replaceRing(ring);
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
