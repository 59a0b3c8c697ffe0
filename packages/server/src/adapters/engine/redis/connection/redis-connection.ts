/** Where Redis is. */
export interface RedisAddress {
  /** `redis://` or, with TLS, `rediss://`; user, password and database are parts of it. */
  readonly url: string;
  /** Whether the URL names a node of a Redis Cluster. */
  readonly cluster: boolean;
  /** Name of the primary if the URL names a Sentinel. */
  readonly sentinelPrimary: string | undefined;
}

/** A Lua script that runs inside Redis. All its keys are in one hash slot. */
export interface Script {
  /** For error messages and tests. */
  readonly name: string;
  readonly lua: string;
}

/** What Redis answers to a script: texts, numbers, nothing, and lists of these. */
export type Reply = string | number | null | readonly Reply[];

/** What a connection reports. */
export interface ConnectionEvents {
  /** Both directions work: commands are answered, and messages of subscribed topics arrive. */
  up(): void;
  /** Commands are not answered, or messages may have been missed. */
  down(reason: string): void;
}

/**
 * All that the engine needs of Redis. One adapter speaks to a single server, to Sentinel and to Redis Cluster.
 * [CONN1] Commands with keys in one hash slot take effect in the order of the calls.
 * [CONN2] Messages of all topics that one server publishes arrive in the order of publishing.
 * [CONN3] A command that is rejected may have taken effect.
 */
export interface RedisConnection {
  /** Connects; rejects with a message for operators if that fails or if the server cannot be used. */
  open(events: ConnectionEvents): Promise<void>;
  /** Returns what an error of a command at the start means, for operators. */
  problemOf(error: unknown): Error;
  run(script: Script, keys: readonly string[], args: readonly string[]): Promise<Reply>;
  /** Publishes on a topic of one hash slot. */
  publish(topic: string, payload: string): Promise<unknown>;
  /** Resolves when messages of the topic arrive. `sharded`: the topic belongs to the hash slot of its name. */
  subscribe(topic: string, sharded: boolean, listener: (payload: string) => void): Promise<void>;
  unsubscribe(topic: string, sharded: boolean): Promise<void>;
  /** The command that publishes on a topic of one hash slot, for scripts: "SPUBLISH" in Redis Cluster, else "PUBLISH". */
  readonly publishCommand: "PUBLISH" | "SPUBLISH";
  close(): Promise<void>;
}
