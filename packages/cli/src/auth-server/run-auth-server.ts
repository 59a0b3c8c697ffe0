import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { createAuthHandler, type AuthHandler } from "@sealcast/server-sdk";
import { CommandFailure } from "../command-failure.ts";
import { createApi } from "../target/create-api.ts";
import { readMasterKey, type MasterKeyOptions } from "../target/master-key.ts";
import { untilInterrupted } from "../until-interrupted.ts";
import { resolveTarget, type TargetOptions } from "../target/resolve-target.ts";

/** Options of `auth-server`. */
interface AuthServerOptions extends TargetOptions, MasterKeyOptions {
  readonly port: number;
  readonly userId?: string;
}

const host = "127.0.0.1";

/** Serves an auth endpoint on loopback that permits everything, until the process is interrupted. */
export async function runAuthServer(options: AuthServerOptions): Promise<void> {
  const sealcast = await createApi(await resolveTarget(options), await readMasterKey(options));
  const handler = createAuthHandler({
    sealcast,
    authenticate: () => ({ id: options.userId ?? randomUUID() }),
    authorize: () => true,
    origins: "any",
  });
  const server = createServer((request, response) => void answer(handler, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) =>
      reject(new CommandFailure(`Cannot listen on port ${options.port}: ${error.message}.`)),
    );
    server.listen(options.port, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`For development only: EVERY request is authorized.\n\n  http://${host}:${port}/pusher/auth\n`);
  await untilInterrupted();
  server.close();
  server.closeAllConnections();
}

async function answer(handler: AuthHandler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) if (typeof value === "string") headers.set(name, value);
  const { method = "GET", url = "/" } = request;
  const body = method === "POST" ? { body: await buffer(request) } : {};
  const result = await handler(new Request(`http://${host}${url}`, { method, headers, ...body }));
  response.writeHead(result.status, Object.fromEntries(result.headers));
  response.end(await result.text());
}
