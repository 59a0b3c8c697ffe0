// Run by Bun, for the transport contract: prints the port that it listens on and ends with its standard input.
import { createTransport } from "@sealcast/server";
import { silentLog, testSettings } from "../index.ts";
import { contractSettings } from "./settings.ts";
import { createContractServer } from "./server.ts";

const settings = testSettings({ ...contractSettings, compression: process.argv.includes("--compression") });
const transport = await createTransport({ ...settings, apps: [] }, silentLog);
const { port } = await transport.listen({ host: "127.0.0.1", port: 0 }, createContractServer(transport));
process.stdout.write(`${port}\n`);
process.stdin.resume().on("end", () => void transport.close());
