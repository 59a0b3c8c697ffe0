import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { SealcastError, type Sealcast } from "@sealcast/server-sdk";
import { CommandFailure } from "../command-failure.ts";
import { readMasterKey, type MasterKeyOptions } from "../target/master-key.ts";
import { colored, withoutControls } from "../output.ts";
import { createApi } from "../target/create-api.ts";
import { resolveTarget, type TargetOptions } from "../target/resolve-target.ts";
import { untilInterrupted } from "../until-interrupted.ts";

/** Options of `webhooks listen`. */
interface ListenOptions extends TargetOptions, MasterKeyOptions {
  readonly json?: boolean;
  readonly port: number;
  readonly count?: number;
}

const host = "127.0.0.1";

/** Receives webhooks on this machine, and prints their events until the process is interrupted. */
export async function listenForWebhooks(options: ListenOptions): Promise<void> {
  const api = await createApi(await resolveTarget(options), await readMasterKey(options));
  let printed = 0;
  await new Promise<void>((resolve, reject) => {
    const server = createServer((request, response) => {
      receive(api, request, response, options.json).then(countEvents, reject);
    });
    const countEvents = (events: number): void => {
      printed += events;
      if (options.count !== undefined && printed >= options.count) server.close(() => resolve());
    };
    server.once("error", ({ message }) => {
      reject(new CommandFailure(`Cannot listen on port ${options.port}: ${message}.`));
    });
    server.listen(options.port, host, () => {
      const { port } = server.address() as AddressInfo;
      process.stderr.write(`Waiting for webhooks at http://${host}:${port}/\n`);
    });
    void untilInterrupted().then(() => server.close(() => resolve()).closeAllConnections());
  });
}

/** Prints the events of one request, and returns how many there were. */
async function receive(
  api: Sealcast,
  request: IncomingMessage,
  response: ServerResponse,
  json: boolean | undefined,
): Promise<number> {
  // The process can end only when no connection is open.
  response.setHeader("Connection", "close");
  const rawBody = await buffer(request);
  try {
    const { events } = api.webhook({ headers: request.headers, rawBody });
    for (const event of events) {
      process.stdout.write(json === true ? `${JSON.stringify(event)}\n` : describe(event));
    }
    response.writeHead(200).end();
    return events.length;
  } catch (error) {
    if (!(error instanceof SealcastError)) throw error;
    process.stderr.write(`Refused a request: ${error.message}.\n`);
    response.writeHead(401).end();
    return 0;
  }
}

function describe({ name, channel, ...rest }: { readonly name: string; readonly channel: string }): string {
  const details = Object.keys(rest).length === 0 ? "" : `  ${withoutControls(JSON.stringify(rest))}`;
  return `${colored(31, withoutControls(channel))}  ${colored(34, name)}${details}\n`;
}
