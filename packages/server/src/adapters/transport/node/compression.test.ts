import { expect, it, onTestFinished } from "vitest";
import { silentLog, testSettings } from "@sealcast/server-testing";
import {
  compressionRules,
  ContractClient,
  contractSettings,
  listenTwice,
  type RunningContractServer,
  transportContract,
} from "@sealcast/server-testing/contracts";
import { systemClock } from "../../clock/system.ts";
import { createNodeTransport } from "./node-transport.ts";

function start(): Promise<RunningContractServer> {
  const limits = testSettings({ ...contractSettings, compression: true, fastPath: false });
  return listenTwice(createNodeTransport(limits, systemClock, silentLog));
}

// Also the run of the contract without the fast path.
transportContract("Node.js with compression and without the fast path", start);
compressionRules("Node.js", start);

it("serves a client that asks for a narrower window without compression", async () => {
  const server = await start();
  onTestFinished(() => server.close());
  const client = await ContractClient.open(server.ports[0], "/app/key", {
    perMessageDeflate: { serverMaxWindowBits: 10 },
  });
  expect(client.socket.extensions).toBe("");
});
