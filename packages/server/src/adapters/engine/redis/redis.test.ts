import { randomUUID } from "node:crypto";
import { afterAll, beforeAll } from "vitest";
import type { Engine } from "../../../ports/engine.ts";
import { engineContract, faultContract, type FaultyCluster } from "@sealcast/server-testing/contracts";
import { describeWithRedis, startRedis, startRedisCluster, type RedisProcess } from "@sealcast/server-testing/redis";
import { systemClock } from "../../clock/system.ts";
import { NodeRedisConnection } from "./connection/node-redis-connection.ts";
import type { ConnectionEvents, RedisConnection } from "./connection/redis-connection.ts";
import { RedisEngine } from "./redis-engine.ts";

/** A connection whose faults a test can cause. */
class FaultyConnection implements RedisConnection {
  readonly #inner: NodeRedisConnection;
  #losesAnswer = false;
  #dead = false;

  constructor(url: string, cluster: boolean) {
    this.#inner = new NodeRedisConnection({ url, cluster, sentinelPrimary: undefined });
  }

  get publishCommand(): RedisConnection["publishCommand"] {
    return this.#inner.publishCommand;
  }

  loseNextAnswer(): void {
    this.#losesAnswer = true;
  }

  /** Everything fails from now on, as if the process was gone. */
  async kill(): Promise<void> {
    this.#dead = true;
    await this.#inner.close();
  }

  open(events: ConnectionEvents): Promise<void> {
    return this.#inner.open(events);
  }

  problemOf(error: unknown): Error {
    return this.#inner.problemOf(error);
  }

  run(...request: Parameters<RedisConnection["run"]>): ReturnType<RedisConnection["run"]> {
    const isUser = ["join", "leave", "publish", "sign-in", "admit"].includes(request[0].name);
    return this.#answer(isUser, () => this.#inner.run(...request));
  }

  publish(topic: string, payload: string): Promise<unknown> {
    return this.#answer(true, () => this.#inner.publish(topic, payload));
  }

  subscribe(topic: string, sharded: boolean, listener: (payload: string) => void): Promise<void> {
    return this.#inner.subscribe(topic, sharded, (payload) => {
      const isAnswer = payload.startsWith("s\n");
      if (!this.#dead && !(this.#losesAnswer && isAnswer)) listener(payload);
    });
  }

  unsubscribe(topic: string, sharded: boolean): Promise<void> {
    return this.#inner.unsubscribe(topic, sharded);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  async #answer<T>(mayLose: boolean, ask: () => Promise<T>): Promise<T> {
    if (this.#dead) throw new Error("dead");
    const value = await ask();
    if (!mayLose || !this.#losesAnswer) return value;
    this.#losesAnswer = false;
    throw new Error("The answer was lost");
  }
}

interface Node {
  readonly connection: FaultyConnection;
  readonly engine: RedisEngine;
}

function createNodes(count: number, url: string, cluster = false): readonly [Node, ...Node[]] {
  const prefix = randomUUID();
  const create = (): Node => {
    const connection = new FaultyConnection(url, cluster);
    const settings = { prefix, leaseMs: 600, randomText: randomUUID, report: () => undefined };
    return { connection, engine: new RedisEngine(connection, systemClock, settings) };
  };
  return [create(), ...Array.from({ length: count - 1 }, create)];
}

function enginesOf([first, ...others]: readonly [Node, ...Node[]]): readonly [RedisEngine, ...RedisEngine[]] {
  return [first.engine, ...others.map(({ engine }) => engine)];
}

function faultsOf(nodes: readonly [Node, ...Node[]]): FaultyCluster {
  const connectionOf = (engine: Engine): FaultyConnection | undefined =>
    nodes.find((node) => node.engine === engine)?.connection;
  return {
    nodes: enginesOf(nodes),
    kill: async (engine) => {
      await connectionOf(engine)?.kill();
    },
    loseNextAnswer: (engine) => connectionOf(engine)?.loseNextAnswer(),
    close: none,
  };
}

const none = (): Promise<void> => Promise.resolve();

describeWithRedis("one Redis server", () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  for (const count of [1, 3]) {
    engineContract(`the Redis engine, nodes: ${count},`, () =>
      Promise.resolve({ nodes: enginesOf(createNodes(count, redis.url)), close: none }),
    );
  }
  faultContract("the Redis engine", () => Promise.resolve(faultsOf(createNodes(3, redis.url))));
});

describeWithRedis("a Redis Cluster of three masters", () => {
  let masters: readonly [RedisProcess, ...RedisProcess[]];
  beforeAll(async () => {
    masters = await startRedisCluster();
  }, 60_000);
  afterAll(() => Promise.all(masters.map((master) => master.stop())));

  engineContract("the Redis engine, nodes: 2,", () =>
    Promise.resolve({ nodes: enginesOf(createNodes(2, masters[0].url, true)), close: none }),
  );
  faultContract("the Redis engine", () => Promise.resolve(faultsOf(createNodes(3, masters[0].url, true))));
});
