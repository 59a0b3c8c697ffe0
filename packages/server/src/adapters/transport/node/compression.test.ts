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
import type { ServerSettings } from "../../../core/settings/server-settings.ts";
import { systemClock } from "../../clock/system.ts";
import { createNodeTransport } from "./node-transport.ts";

function start(different: Partial<ServerSettings> = {}): Promise<RunningContractServer> {
  const limits = testSettings({ ...contractSettings, compression: true, fastPath: false, ...different });
  return listenTwice(createNodeTransport(limits, systemClock, silentLog));
}

// Also the run of the contract without the fast path.
transportContract("Node.js with compression and without the fast path", start);
compressionRules("Node.js", () => start());

it("serves a client that asks for a narrower window without compression", async () => {
  const server = await start();
  onTestFinished(() => server.close());
  const client = await ContractClient.open(server.ports[0], "/app/key", {
    perMessageDeflate: { serverMaxWindowBits: 10 },
  });
  expect(client.socket.extensions).toBe("");
});
