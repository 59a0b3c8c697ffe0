// Run by Bun, for the transport contract: prints the port that it listens on and ends with its standard input.
import { createTransport } from "@sealcast/server";
import { silentLog, testLimits } from "../index.ts";
import { contractLimits } from "./limits.ts";
import { createContractServer } from "./server.ts";

const limits = testLimits({ ...contractLimits, compression: process.argv.includes("--compression") });
const transport = await createTransport({ limits, apps: [] }, silentLog);
const { port } = await transport.listen({ host: "127.0.0.1", port: 0 }, createContractServer(transport));
process.stdout.write(`${port}\n`);
process.stdin.resume().on("end", () => void transport.close());
