import type { RedisNode } from "./redis-node.ts";
import { listOf, numberOf, textOf } from "../encoding/reply.ts";
import { renewScript, restoredScript } from "../scripts/lease-scripts.ts";

/** What a renewal of the lease has found. */
export interface Renewal {
  /** Whether this node's lease had ended: others have given up what it held, or do so now. */
  readonly lost: boolean;
  /** Whether Redis has lost data since the last renewal. */
  readonly dataLost: boolean;
  /** Dead nodes that this node has to clean up after. */
  readonly claimed: readonly string[];
  /** Nodes that hold leases. */
  readonly living: readonly string[];
}

/** The right of a node to hold connections in Redis. */
export class Lease {
  readonly #node: RedisNode;
  /** What was found last; undefined: nothing was lost since this node began. */
  #mark: string | undefined;
  #renewals = 0;
  /** The nodes that held leases at the last renewal; after a loss of data, at the last one before it. */
  #living: readonly string[] = [];
  /** Whether data was lost that this node or others have not restored. */
  #isRestoring = false;

  constructor(node: RedisNode) {
    this.#node = node;
  }

  /** @param begins whether a lease that has ended begins again. */
  async renew(begins: boolean): Promise<Renewal> {
    const { clock, connection, keys, name, settings } = this.#node;
    const { leaseMs } = settings;
    const sentMs = clock.monotonicNow();
    const args = [name, String(leaseMs), String(leaseMs * 3), begins ? "first" : "", settings.randomText()];
    const [state, mark, renewals, claimed, living] = listOf(await connection.run(renewScript, keys.nodes, args));
    const dataLost = this.#mark !== undefined && (textOf(mark) !== this.#mark || numberOf(renewals) <= this.#renewals);
    if (state !== "lost") this.#node.leaseRenewed(sentMs);
    this.#mark = textOf(mark);
    this.#renewals = numberOf(renewals);
    if (dataLost) this.#isRestoring = true;
    const found = listOf(living).map(textOf);
    if (!this.#isRestoring) this.#living = found;
    return { lost: state === "lost", dataLost, claimed: listOf(claimed).map(textOf), living: found };
  }

  /**
   * Tells the others that this node has restored what it held. Returns whether all nodes that were there before have
   * done so, or had the time of a lease to do so.
   */
  async restored(): Promise<boolean> {
    const { connection, keys, name, settings } = this.#node;
    const reply = await connection.run(restoredScript, keys.nodes, [name, String(settings.leaseMs)]);
    const [nodes, isLate] = listOf(reply);
    const restored = new Set(listOf(nodes).map(textOf));
    this.#isRestoring = isLate !== 1 && !this.#living.every((living) => restored.has(living));
    return !this.#isRestoring;
  }
}
