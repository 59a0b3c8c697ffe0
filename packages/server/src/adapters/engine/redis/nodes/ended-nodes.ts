import { giveUpScript, hasScript } from "../scripts/lease-scripts.ts";
import type { NodeInRedis } from "./node-in-redis.ts";

/**
 * Nodes that use buckets, according to the data of these, and may have ended: without a lease, nobody would clean up after
 * them. That is so if the Redis server of a bucket began with an old snapshot, or if the one of the leases has lost its data
 * before a dead node was found.
 */
export class EndedNodes {
  readonly #node: NodeInRedis;
  /** The buckets that each of them uses. */
  readonly #suspects = new Map<string, Set<string>>();

  constructor(node: NodeInRedis) {
    this.#node = node;
  }

  /** @param nodes use the bucket according to its data. */
  suspect(bucket: string, nodes: readonly string[]): void {
    for (const node of nodes) {
      if (node === this.#node.name) continue;
      const buckets = this.#suspects.get(node);
      if (buckets === undefined) this.#suspects.set(node, new Set([bucket]));
      else buckets.add(bucket);
    }
  }

  /**
   * Those that have ended are given up: the next renewal of a lease claims them.
   *
   * @param living the nodes that hold leases.
   */
  async giveUp(living: readonly string[]): Promise<void> {
    for (const node of living) this.#suspects.delete(node);
    const { connection, keys, settings } = this.#node;
    for (const [node, buckets] of this.#suspects) {
      for (const bucket of buckets) {
        // Somebody may have cleaned up after it meanwhile.
        if ((await connection.run(hasScript, [keys.nodesUsing(bucket)], [node])) !== 1) buckets.delete(bucket);
      }
      const args = [node, String(settings.leaseMs), ...buckets];
      const isDone =
        buckets.size === 0 || (await connection.run(giveUpScript, [keys.bucketsOf(node), ...keys.nodes], args)) === 1;
      if (isDone) this.#suspects.delete(node);
    }
  }
}
