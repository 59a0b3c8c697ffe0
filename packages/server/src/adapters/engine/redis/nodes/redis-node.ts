import type { Clock } from "../../../../ports/clock.ts";
import type { EngineEvents } from "../../../../ports/engine.ts";
import type { Keys } from "../encoding/keys.ts";
import type { RedisConnection } from "../connection/redis-connection.ts";
import { trustSeconds } from "../scripts/channel-functions.ts";
import { EndedNodes } from "./ended-nodes.ts";
import type { NodeInRedis } from "./node-in-redis.ts";
import { UsedBuckets } from "./used-buckets.ts";

/** How a Redis engine works. */
export interface RedisEngineSettings {
  /** Begins every key and topic in Redis. */
  readonly prefix: string;
  /** After so long without a sign of life, other nodes give up what a node holds, in milliseconds. */
  readonly leaseMs: number;
  /** Makes an unguessable text: names of nodes and epochs. */
  readonly randomText: () => string;
  /** Called when the engine notices that something changed or went wrong; for the log. */
  readonly report: (event: string, reason: string) => void;
}

/** What all parts of one engine share: its name in the cluster, its connection, and where to report. */
export class RedisNode implements NodeInRedis {
  readonly connection: RedisConnection;
  readonly clock: Clock;
  readonly keys: Keys;
  readonly settings: RedisEngineSettings;
  events: EngineEvents | undefined;
  /** Makes a synchronization due. */
  needsSync: () => void = () => undefined;
  /**
   * Whether Redis has what all nodes hold. Otherwise a departure waits for the synchronization: after a loss of data, it
   * could look like the last one, because other nodes have not written theirs.
   */
  isReady: () => boolean = () => true;
  #name: string;
  #requests = 0;
  #renewedMs = 0;
  #hasLease = false;
  readonly endedNodes = new EndedNodes(this);
  readonly buckets = new UsedBuckets(this, this.endedNodes);

  constructor(connection: RedisConnection, clock: Clock, keys: Keys, settings: RedisEngineSettings) {
    this.connection = connection;
    this.clock = clock;
    this.keys = keys;
    this.settings = settings;
    this.#name = settings.randomText();
  }

  /** The name under which Redis knows what this node holds. */
  get name(): string {
    return this.#name;
  }

  /**
   * Whether Redis still refuses what this node sends if others have given it up. A process that was stopped for a long time
   * does not know that, and Redis forgets it in the end.
   */
  get isRemembered(): boolean {
    return this.clock.monotonicNow() < this.#renewedMs + this.settings.leaseMs + trustSeconds * 1_000;
  }

  /** @param sentMs when the request that renewed the lease was sent, on the clock that never goes back. */
  leaseRenewed(sentMs: number): void {
    this.#renewedMs = sentMs;
    this.#hasLease = true;
  }

  /** Whether this node has had a lease under its name. */
  get hasLease(): boolean {
    return this.#hasLease;
  }

  /** Continues under another name: others have given up what was held under the old one. */
  rename(): void {
    this.#name = this.settings.randomText();
    this.#hasLease = false;
    this.buckets.forgetNotes();
  }

  /** Number of the most recent request. */
  get lastRequest(): number {
    return this.#requests;
  }

  nextRequest(): number {
    this.#requests += 1;
    return this.#requests;
  }

  report(event: string, error: unknown): void {
    this.settings.report(event, error instanceof Error ? error.message : String(error));
  }
}
