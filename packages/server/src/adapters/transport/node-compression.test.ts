import { describe, expect, it, onTestFinished } from "vitest";
import { silentLog, testLimits } from "../../testing/index.ts";
import { transportContract, type RunningContractServer } from "../../testing/transport-contract.ts";
import { ContractClient, publish, topicSize } from "../../testing/transport-contract/client.ts";
import { contractLimits } from "../../testing/transport-contract/limits.ts";
import { createContractServer } from "../../testing/transport-contract/server.ts";
import { createNodeTransport } from "./node.ts";

async function start(): Promise<RunningContractServer> {
  const limits = testLimits({ ...contractLimits, compression: true });
  const transport = createNodeTransport(limits, contractLimits.maxFrameBytes, silentLog);
  const { port } = await transport.listen({ host: "127.0.0.1", port: 0 }, createContractServer(transport));
  return { port, close: () => transport.close() };
}

transportContract("Node.js with compression", start);

describe("compression", () => {
  it.each([
    { offer: true, extensions: "permessage-deflate", compressed: true },
    { offer: { serverMaxWindowBits: 10 }, extensions: "", compressed: false },
    { offer: false, extensions: "", compressed: false },
  ])("answers the offer $offer with compressed: $compressed", async ({ offer, extensions, compressed }) => {
    const server = await start();
    onTestFinished(() => server.close());
    const client = await ContractClient.open(server.port, "/app/key", { perMessageDeflate: offer });
    expect(client.socket.extensions).toBe(extensions);
    await client.ask({ do: "join", topic: "a" });
    expect(await topicSize(server.port, "a")).toBe(1);
    const before = client.bytesReceived;
    await publish(server.port, "a", "x".repeat(100_000));
    expect(await client.next(1)).toEqual([`0 ${"x".repeat(100_000)}`]);
    expect(client.bytesReceived - before < 2_000).toBe(compressed);
  });
});
