import { expect, it, onTestFinished } from "vitest";
import { silentLog, testLimits } from "../../../testing/index.ts";
import { transportContract, type RunningContractServer } from "../../../testing/transport-contract.ts";
import { ContractClient } from "../../../testing/transport-contract/client.ts";
import { compressionRules } from "../../../testing/transport-contract/compression.ts";
import { contractLimits } from "../../../testing/transport-contract/limits.ts";
import { createContractServer } from "../../../testing/transport-contract/server.ts";
import { createNodeTransport } from "./node-transport.ts";

async function start(): Promise<RunningContractServer> {
  const limits = testLimits({ ...contractLimits, compression: true });
  const transport = createNodeTransport(limits, contractLimits.maxFrameBytes, silentLog);
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
