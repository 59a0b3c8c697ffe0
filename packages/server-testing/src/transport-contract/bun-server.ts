// Run by Bun, for the transport contract. Reads one order per line, and answers each with a line when it is done:
// `start SETTINGS` with the ports of a new server, `close PORT` with the port. The settings are JSON, and only those that differ
// from the settings of the contract. Ends with its standard input.
import { createInterface } from "node:readline";
import { createTransport, systemClock, type ServerSettings } from "@sealcast/server";
import { silentLog, testSettings } from "../index.ts";
import { contractSettings } from "./settings.ts";
import { listenTwice, type ContractListeners } from "./server.ts";

/** The servers that run, by their first port. */
const servers = new Map<string, ContractListeners>();

async function start(different: Partial<ServerSettings>): Promise<readonly number[]> {
  const settings = testSettings({ ...contractSettings, ...different });
  const transport = await createTransport({ ...settings, apps: [], operators: [] }, systemClock, silentLog);
  const listeners = await listenTwice(transport);
  servers.set(`${listeners.ports[0]}`, listeners);
  return listeners.ports;
}

async function close(port: string): Promise<readonly string[]> {
  await servers.get(port)?.close();
  servers.delete(port);
  return [port];
}

for await (const line of createInterface({ input: process.stdin })) {
  const [order, argument = ""] = line.split(" ");
  const answer =
    order === "start" ? await start(JSON.parse(argument) as Partial<ServerSettings>) : await close(argument);
  process.stdout.write(`${answer.join(" ")}\n`);
}
await Promise.all([...servers.values()].map((server) => server.close()));
