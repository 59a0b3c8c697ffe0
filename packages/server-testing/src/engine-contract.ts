import { afterEach, beforeEach, describe } from "vitest";
import type { Engine } from "@sealcast/server";
import { channelRules } from "./engine-contract/channel-rules.ts";
import { ContractNodes } from "./engine-contract/contract-node.ts";
import { deliveryRules } from "./engine-contract/delivery-rules.ts";
import { faultRules } from "./engine-contract/fault-rules.ts";
import { historyRules } from "./engine-contract/history-rules.ts";
import { limitRules } from "./engine-contract/limit-rules.ts";
import { presenceRules } from "./engine-contract/presence-rules.ts";
import { userRules } from "./engine-contract/user-rules.ts";

/** The engines of one cluster. They share everything that the contract is about, and nothing else. */
export interface EngineCluster {
  /** One engine per node, not started; at least one. With a single node, the rules about several hold trivially. */
  readonly nodes: readonly [Engine, ...Engine[]];
  /** Releases what the cluster stands on, after its engines were closed. */
  close(): Promise<void>;
}

/** A cluster of at least two nodes whose faults a test can cause. */
export interface FaultyCluster extends EngineCluster {
  /** Ends a node without a farewell, as `kill -9` does; resolves when the other nodes have given up what it held. */
  kill(node: Engine): Promise<void>;
  /** Lets the next request of a node take effect, but loses its answer on the way back. */
  loseNextAnswer(node: Engine): void;
}

/**
 * The rules of the engine port, as tests. An adapter keeps the contract if they pass.
 *
 * @param name of the adapter.
 * @param create a fresh, empty cluster for each test.
 */
export function engineContract(name: string, create: () => Promise<EngineCluster>): void {
  describe(`${name} keeps the engine contract`, () => {
    const { nodes } = clusterForEachTest(create);
    deliveryRules(nodes);
    historyRules(nodes);
    channelRules(nodes);
    presenceRules(nodes);
    userRules(nodes);
    limitRules(nodes);
  });
}

/**
 * The rules about faults of a cluster, as tests: a node that vanishes, an answer that is lost.
 *
 * @param name of the adapter.
 * @param create a fresh, empty cluster for each test.
 */
export function faultContract(name: string, create: () => Promise<FaultyCluster>): void {
  describe(`${name} keeps the contract in faults`, () => {
    const { nodes, cluster } = clusterForEachTest(create);
    faultRules(
      nodes,
      (node) => cluster().kill(node),
      (node) => cluster().loseNextAnswer(node),
    );
  });
}

function clusterForEachTest<C extends EngineCluster>(
  create: () => Promise<C>,
): { readonly nodes: () => ContractNodes; readonly cluster: () => C } {
  let cluster: C;
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

  return { nodes: () => nodes, cluster: () => cluster };
}
