import { silentLog, testSettings } from "@sealcast/server-testing";
import { contractSettings, createContractServer, transportContract } from "@sealcast/server-testing/contracts";
import { createNodeTransport } from "./node-transport.ts";

transportContract("Node.js", async () => {
  const transport = createNodeTransport(testSettings(contractSettings), contractSettings.maxFrameBytes, silentLog);
  const { port } = await transport.listen({ host: "127.0.0.1", port: 0 }, createContractServer(transport));
  return { port, close: () => transport.close() };
});
