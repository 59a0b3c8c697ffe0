// Run by Bun, for the transport contract: prints the ports it listens on, and ends with its standard input.
import { createTransport, systemClock } from "@sealcast/server";
import { silentLog, testSettings } from "../index.ts";
import { contractSettings } from "./settings.ts";
import { listenTwice } from "./server.ts";

const settings = testSettings({ ...contractSettings, compression: process.argv.includes("--compression") });
const transport = await createTransport({ ...settings, apps: [], operators: [] }, systemClock, silentLog);
const listeners = await listenTwice(transport);
process.stdout.write(`${listeners.ports.join(" ")}\n`);
process.stdin.resume().on("end", () => void listeners.close());
