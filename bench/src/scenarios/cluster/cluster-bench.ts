import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Pace } from "../../lab.ts";
import { LoadGenerator } from "../../load/load-generator.ts";
import type { ChannelPlan } from "../../load/orders.ts";
import type { PublishPlan, PublishResult } from "../../load/publish-run.ts";
import type { RedisServer } from "../../subjects/redis-server.ts";
import { ServerProcess, type ServerOptions } from "../../subjects/server-process.ts";
import { subjects } from "../../subjects/subject.ts";

/** Servers of one cluster. */
export interface Setup {
  /** Name in results and tables. */
  readonly name: string;
  readonly nodes: number;
  readonly engine: "memory" | "redis";
  /** Default: the longest, so that renewals do not disturb what is measured. */
  readonly leaseSeconds?: number;
}

const longestLeaseSeconds = 300;
/** Time for servers to close connections. */
const settleMs = 300;

/** Processor time that some work has taken, in microseconds. */
export interface Cost {
  /** Of all servers together. */
  readonly nodeMicros: number;
  readonly redisMicros: number;
}

/** One server with the memory engine, or several that share Redis, with a load process of their own. */
export class ClusterBench {
  readonly name: string;
  /** Begins all keys of the cluster in Redis. */
  readonly prefix: string;
  readonly servers: readonly ServerProcess[];
  /** Undefined: the servers have the memory engine. */
  readonly redis: RedisServer | undefined;
  readonly load: LoadGenerator;

  private constructor(
    name: string,
    prefix: string,
    servers: readonly ServerProcess[],
    redis: RedisServer | undefined,
    load: LoadGenerator,
  ) {
    this.name = name;
    this.prefix = prefix;
    this.servers = servers;
    this.redis = redis;
    this.load = load;
  }

  /** Sets up a cluster for `use`, and ends its processes whatever happens there. Clusters may share one Redis. */
  static async with<T>(
    { name, nodes, engine, leaseSeconds = longestLeaseSeconds }: Setup,
    redis: RedisServer,
    options: ServerOptions,
    use: (bench: ClusterBench) => Promise<T>,
  ): Promise<T> {
    const url = `redis://127.0.0.1:${redis.port}`;
    const prefix = randomUUID();
    const settings = engine === "memory" ? {} : { engine: { kind: "redis", url, prefix, leaseSeconds } };
    const servers: ServerProcess[] = [];
    const load = new LoadGenerator();
    try {
      for (let node = 0; node < nodes; node += 1) {
        servers.push(await ServerProcess.start(subjects.sealcast, { ...options, settings }));
      }
      await load.order("target", { ports: servers.map(({ port }) => port), dialect: "pusher" });
      return await use(new ClusterBench(name, prefix, servers, engine === "redis" ? redis : undefined, load));
    } finally {
      load.kill();
      for (const server of servers) await server.stop();
    }
  }

  /** Sets up several clusters side by side; idle ones cost next to nothing. */
  static withAll<T>(
    setups: readonly Setup[],
    redis: RedisServer,
    options: ServerOptions,
    use: (benches: readonly ClusterBench[]) => Promise<T>,
  ): Promise<T> {
    const [first, ...rest] = setups;
    if (first === undefined) return use([]);
    return ClusterBench.with(first, redis, options, (bench) =>
      ClusterBench.withAll(rest, redis, options, (others) => use([bench, ...others])),
    );
  }

  /** Adds subscribers, spread over the servers. */
  async subscribe(subscribers: number, channels: ChannelPlan = { kind: "shared", count: 1 }): Promise<void> {
    await this.load.order("grow", { subscribers, channels }, 120);
  }

  /** Closes all connections, and waits until nobody is subscribed any more. */
  async leave(): Promise<void> {
    await this.load.order("close", null);
    do await sleep(settleMs);
    while (this.redis !== undefined && this.redis.keys(`${this.prefix}:*:counts:*`) > 0);
  }

  /** Publishes as planned after a short warm-up, spread over the servers. */
  async publish(plan: Omit<PublishPlan, "seconds">, { runSeconds }: Pace): Promise<PublishResult & Cost> {
    await this.load.order("show-life", null);
    await this.load.order("publish", { ...plan, seconds: runSeconds / 4 });
    return this.costOf(() => this.load.order("publish", { ...plan, seconds: runSeconds }));
  }

  /** Adds to the result of some work what it has cost. */
  async costOf<T>(work: () => Promise<T>): Promise<T & Cost> {
    const [nodesBefore, redisBefore] = [this.#nodeMicros(), this.#redisMicros()];
    const result = await work();
    const redisMicros = this.#redisMicros() - redisBefore;
    return { ...result, nodeMicros: this.#nodeMicros() - nodesBefore, redisMicros };
  }

  #redisMicros(): number {
    return this.redis?.cpuMicros() ?? 0;
  }

  #nodeMicros(): number {
    return this.servers.reduce((sum, server) => sum + server.cpuMicros(), 0);
  }
}
