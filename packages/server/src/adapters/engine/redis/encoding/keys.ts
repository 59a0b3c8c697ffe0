import { hashOf } from "../../../../core/text-hash.ts";
import type { AppId, ChannelName } from "@sealcast/protocol";

/** Channels of an app are spread over so many hash slots. Listing channels reads each of them. */
const bucketCount = 16;

/** Names of one channel's keys; all are in one hash slot, together with its topic. */
export interface ChannelKeys {
  /** In the order in which the scripts use them, see `scripts/channel-functions.ts`. */
  readonly keys: readonly string[];
  /**
   * What is kept of events: a stream of events, a hash with epoch, offset and the mark of the data, and where the bucket has
   * the mark of its data.
   */
  readonly history: readonly [stream: string, last: string, data: string];
}

/** Every name that the engine uses in Redis. */
export class Keys {
  readonly #prefix: string;

  /** @param prefix begins every key and topic. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /**
   * Leases of the nodes, claims to clean up after dead ones, the mark that data was not lost, and the nodes that have
   * restored what they held after a loss.
   */
  get nodes(): readonly string[] {
    return ["leases", "claims", "data", "restored"].map((name) => `${this.#prefix}:{nodes}:${name}`);
  }

  /** Set of the buckets that a node has used. */
  bucketsOf(node: string): string {
    return `${this.#prefix}:{nodes}:buckets:${node}`;
  }

  /** The topic that every node is subscribed to. */
  get all(): string {
    return `${this.#prefix}:all`;
  }

  /** The topic that one node is subscribed to. */
  node(node: string): string {
    return `${this.#prefix}:node:${node}`;
  }

  /** Keys of an app's user directory: nodes per user, the users of one node, its fence, and the mark of the data. */
  users(app: AppId, node: string): readonly [nodes: string, own: string, fence: string, data: string] {
    const bucket = userBucketOf(app);
    const start = `${this.#prefix}:{${bucket}}`;
    return [`${start}:nodes`, `${start}:node:${node}`, this.fenceOf(bucket, node), this.dataOf(bucket)];
  }

  /** Keys of an app's connections: admitted connections per node, and the fence of a node. */
  quota(app: AppId, node: string): readonly [counts: string, fence: string] {
    return [`${this.#prefix}:{${app}/connections}:admitted`, this.fenceOf(`${app}/connections`, node)];
  }

  /** Counts what an app has published in the current second; expires with it. */
  rate(app: AppId): string {
    return `${this.#prefix}:{${app}/rate}:published`;
  }

  /** The index of a bucket: a hash from channel to counts. */
  index(bucket: string): string {
    return `${this.#prefix}:{${bucket}}:index`;
  }

  /** Set of the channels of a bucket that a node holds. */
  heldBy(bucket: string, node: string): string {
    return `${this.#prefix}:{${bucket}}:held:${node}`;
  }

  /** Number of the last synchronization of a node in a bucket; commands with lower numbers come late. */
  fenceOf(bucket: string, node: string): string {
    return `${this.#prefix}:{${bucket}}:fence:${node}`;
  }

  /** Hash with the mark of a bucket's data, and the run of Redis that has it. Other data gets another mark. */
  dataOf(bucket: string): string {
    return `${this.#prefix}:{${bucket}}:data`;
  }

  /** Set of the nodes that use a bucket. */
  nodesUsing(bucket: string): string {
    return `${this.#prefix}:{${bucket}}:used-by`;
  }

  /** The topic of a channel. */
  topic(bucket: string, channel: string): string {
    return `${this.#prefix}:{${bucket}}:topic:${channel}`;
  }

  /** Remembers a publication, so that it is not repeated. */
  published(bucket: string, channel: string, id: string): string {
    return `${this.#prefix}:{${bucket}}:published:${channel}:${id}`;
  }

  channel(bucket: string, channel: string, node: string): ChannelKeys {
    const start = `${this.#prefix}:{${bucket}}`;
    const own = (kind: string): string => `${start}:${kind}:${channel}`;
    return {
      keys: [
        own("counts"),
        this.index(bucket),
        this.heldBy(bucket, node),
        own("connections"),
        own("users"),
        own("order"),
        own("departures"),
        own("facts"),
        this.fenceOf(bucket, node),
      ],
      history: [own("events"), own("last"), this.dataOf(bucket)],
    };
  }
}

/** The bucket of a channel. */
export function bucketOf(app: AppId, channel: ChannelName): string {
  return `${app}/${hashOf(channel) % bucketCount}`;
}

/** The app of a bucket. */
export function appOf(bucket: string): AppId {
  return bucket.slice(0, bucket.lastIndexOf("/")) as AppId;
}

/** The bucket of an app's user directory. */
export function userBucketOf(app: AppId): string {
  return `${app}/users`;
}

/** All buckets of the channels of an app. */
export function bucketsOfApp(app: AppId): readonly string[] {
  return Array.from({ length: bucketCount }, (_, index) => `${app}/${index}`);
}
