import { listOf, textOf } from "../encoding/reply.ts";
import { markDataScript, useBucketScript } from "../scripts/lease-scripts.ts";
import type { EndedNodes } from "./ended-nodes.ts";
import type { NodeInRedis } from "./node-in-redis.ts";

interface Bucket {
  /** Undefined: Redis has no note, or may have lost it. */
  note: Promise<void> | "noted" | undefined;
  /** Of its data, as this node has seen it last. */
  mark: string | undefined;
  /** Whether its data has got another mark: writes of this node may be missing. */
  isChanged: boolean;
}

/** Buckets that are noted at a time. */
const sliceSize = 100;

/**
 * The buckets that this node uses. Redis has a note of that before anything else, so that others can clean up after this
 * node: one among the leases, and one beside the data of the bucket, which comes back together with it if a Redis server
 * begins with an old snapshot.
 */
export class UsedBuckets {
  readonly #node: NodeInRedis;
  readonly #endedNodes: EndedNodes;
  readonly #buckets = new Map<string, Bucket>();

  /** @param endedNodes takes the nodes that use the same buckets. */
  constructor(node: NodeInRedis, endedNodes: EndedNodes) {
    this.#node = node;
    this.#endedNodes = endedNodes;
  }

  /** Notes that this node uses a bucket, before it does, and marks the bucket's data; undefined: that is done already. */
  use(name: string): Promise<void> | undefined {
    const bucket = this.#bucket(name);
    if (bucket.note !== undefined) return bucket.note === "noted" ? undefined : bucket.note;
    const note = this.#note(name, bucket);
    bucket.note = note;
    const settle = (settled: Bucket["note"]): void => {
      if (bucket.note === note) bucket.note = settled;
    };
    note.then(
      () => settle("noted"),
      () => settle(undefined),
    );
    return note;
  }

  /** The mark of a bucket's data as this node has seen it last. */
  markOf(name: string): string | undefined {
    return this.#buckets.get(name)?.mark;
  }

  /** Reads the mark of a bucket's data again at the next use: something with another mark has arrived. */
  doubt(name: string): void {
    const bucket = this.#bucket(name);
    if (bucket.note === "noted") bucket.note = undefined;
  }

  /** Redis has lost its notes, or may have. */
  forgetNotes(): void {
    for (const bucket of this.#buckets.values()) bucket.note = undefined;
  }

  /** Notes all buckets again. Returns those whose data may lack writes of this node. */
  async renew(): Promise<readonly string[]> {
    const names = [...this.#buckets.keys()];
    for (let at = 0; at < names.length; at += sliceSize) {
      await Promise.all(names.slice(at, at + sliceSize).map(async (name) => this.use(name)));
    }
    return [...this.#buckets].filter(([, { isChanged }]) => isChanged).map(([name]) => name);
  }

  /** The data of a bucket agrees with this node again. */
  agrees(name: string): void {
    this.#bucket(name).isChanged = false;
  }

  async #note(name: string, bucket: Bucket): Promise<void> {
    const { connection, hasLease, keys, name: node, settings } = this.#node;
    // What is written without a note, nobody would remove after this node has died.
    if (!hasLease) throw leaseEnded();
    const [noted, reply] = await Promise.all([
      connection.run(useBucketScript, [keys.bucketsOf(node), ...keys.nodes], [name, node]),
      connection.run(markDataScript, [keys.dataOf(name), keys.nodesUsing(name)], [settings.randomText(), node]),
    ]);
    if (noted === "late" || node !== this.#node.name) throw leaseEnded();
    const [mark, users] = listOf(reply);
    if (bucket.mark !== undefined && bucket.mark !== textOf(mark)) bucket.isChanged = true;
    bucket.mark = textOf(mark);
    this.#endedNodes.suspect(name, listOf(users).map(textOf));
  }

  #bucket(name: string): Bucket {
    let bucket = this.#buckets.get(name);
    if (bucket === undefined) {
      bucket = { note: undefined, mark: undefined, isChanged: false };
      this.#buckets.set(name, bucket);
    }
    return bucket;
  }
}

function leaseEnded(): Error {
  return new Error("The lease of this node has ended");
}
