import type { RedisConnection } from "../connection/redis-connection.ts";
import type { Keys } from "../encoding/keys.ts";

/** Under which name Redis knows a node, and how the node reaches Redis. */
export interface NodeInRedis {
  readonly connection: RedisConnection;
  readonly keys: Keys;
  /** It changes when others have given the node up. */
  readonly name: string;
  /** Whether the node has had a lease under its name. */
  readonly hasLease: boolean;
  readonly settings: {
    /** Length of a lease, in milliseconds. */
    readonly leaseMs: number;
    /** Makes an unguessable text. */
    readonly randomText: () => string;
  };
}
