import { expect, it, onTestFinished } from "vitest";
import { silentLog, testSettings } from "@sealcast/server-testing";
import {
  compressionRules,
  ContractClient,
  contractSettings,
  createContractServer,
  type RunningContractServer,
  transportContract,
} from "@sealcast/server-testing/contracts";
import { createNodeTransport } from "./node-transport.ts";

async function start(): Promise<RunningContractServer> {
  const limits = testSettings({ ...contractSettings, compression: true });
  const transport = createNodeTransport(limits, contractSettings.maxFrameBytes, silentLog);
  const { port } = await transport.listen({ host: "127.0.0.1", port: 0 }, createContractServer(transport));
  return { port, close: () => transport.close() };
}

transportContract("Node.js with compression", start);
compressionRules("Node.js", start);

it("serves a client that asks for a narrower window without compression", async () => {
  const server = await start();
  onTestFinished(() => server.close());
  const client = await ContractClient.open(server.port, "/app/key", { perMessageDeflate: { serverMaxWindowBits: 10 } });
  expect(client.socket.extensions).toBe("");
});
