import { afterEach, beforeEach, describe } from "vitest";
import type { Engine } from "@sealcast/server";
import { channelRules } from "./engine-contract/channel-rules.ts";
import { ContractNodes } from "./engine-contract/contract-node.ts";
import { deliveryRules } from "./engine-contract/delivery-rules.ts";
import { presenceRules } from "./engine-contract/presence-rules.ts";
import { userRules } from "./engine-contract/user-rules.ts";

/** The engines of one cluster, which share everything and nothing else. */
export interface EngineCluster {
  /** One engine per node, not started; at least one. With a single node, the rules about several hold trivially. */
  readonly nodes: readonly [Engine, ...Engine[]];
  /** Releases what the cluster stands on, after its engines were closed. */
  close(): Promise<void>;
}

/**
 * The rules of the engine port, as tests. An adapter keeps the contract when this passes for it.
 *
 * @param name of the adapter.
 * @param create a fresh, empty cluster for each test.
 */
export function engineContract(name: string, create: () => Promise<EngineCluster>): void {
  describe(`${name} keeps the engine contract`, () => {
    let cluster: EngineCluster;
    let nodes: ContractNodes;

    beforeEach(async () => {
      cluster = await create();
      nodes = new ContractNodes(cluster.nodes);
      for (const node of nodes.all) await node.engine.start(node);
    });

    afterEach(async () => {
      for (const node of nodes.all) await node.engine.close();
      await cluster.close();
    });

    deliveryRules(() => nodes);
    channelRules(() => nodes);
    presenceRules(() => nodes);
    userRules(() => nodes);
  });
}
