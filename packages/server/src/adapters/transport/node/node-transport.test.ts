import { silentLog, testLimits } from "../../../testing/index.ts";
import { transportContract } from "../../../testing/transport-contract.ts";
import { contractLimits } from "../../../testing/transport-contract/limits.ts";
import { createContractServer } from "../../../testing/transport-contract/server.ts";
import { createNodeTransport } from "./node-transport.ts";

transportContract("Node.js", async () => {
  const transport = createNodeTransport(testLimits(contractLimits), contractLimits.maxFrameBytes, silentLog);
  const { port } = await transport.listen({ host: "127.0.0.1", port: 0 }, createContractServer(transport));
  return { port, close: () => transport.close() };
});
