// Run by Bun, for the transport contract: prints the port that it listens on and ends with its standard input.
import { silentLog, testLimits } from "../../testing/index.ts";
import { contractLimits } from "../../testing/transport-contract/limits.ts";
import { createContractServer } from "../../testing/transport-contract/server.ts";
import { createBunTransport } from "./bun.ts";

const transport = createBunTransport(testLimits(contractLimits), contractLimits.maxFrameBytes, silentLog);
const { port } = await transport.listen({ host: "127.0.0.1", port: 0 }, createContractServer(transport));
process.stdout.write(`${port}\n`);
process.stdin.resume().on("end", () => void transport.close());
