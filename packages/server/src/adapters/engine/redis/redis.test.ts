import { randomUUID } from "node:crypto";
import { afterAll, beforeAll } from "vitest";
import { engineContract, faultContract } from "@sealcast/server-testing/contracts";
import { startRedis, type RedisProcess } from "@sealcast/server-testing/redis";
import { systemClock } from "../../clock/system.ts";
import { NodeRedisConnection } from "./node-redis-connection.ts";
import type { ConnectionEvents, RedisConnection } from "./redis-connection.ts";
import { RedisEngine } from "./redis-engine.ts";

let redis: RedisProcess;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

/** A connection whose faults a test can cause. */
class FaultyConnection implements RedisConnection {
  readonly #inner: NodeRedisConnection;
  #losesAnswer = false;
  #dead = false;

  constructor(url: string) {
    this.#inner = new NodeRedisConnection({ url, cluster: false, sentinelPrimary: undefined });
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

  run(...request: Parameters<RedisConnection["run"]>): ReturnType<RedisConnection["run"]> {
    const isUser = ["join", "leave", "publish", "sign-in"].includes(request[0].name);
    return this.#answer(isUser, () => this.#inner.run(...request));
  }

  publish(topic: string, payload: string): Promise<void> {
    return this.#answer(true, () => this.#inner.publish(topic, payload));
  }

  broadcast(topic: string, payload: string): Promise<void> {
    return this.#answer(false, () => this.#inner.broadcast(topic, payload));
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

function createNodes(count: number): { connection: FaultyConnection; engine: RedisEngine }[] {
  const prefix = randomUUID();
  return Array.from({ length: count }, () => {
    const connection = new FaultyConnection(redis.url);
    const engine = new RedisEngine(connection, systemClock, {
      prefix,
      leaseMs: 600,
      randomText: randomUUID,
      report: () => undefined,
    });
    return { connection, engine };
  });
}

const none = (): Promise<void> => Promise.resolve();

engineContract("the Redis engine with three nodes", () => {
  const [first, ...others] = createNodes(3).map(({ engine }) => engine);
  if (first === undefined) throw new Error("no node");
  return Promise.resolve({ nodes: [first, ...others], close: none });
});

engineContract("the Redis engine with one node", () => {
  const [first] = createNodes(1).map(({ engine }) => engine);
  if (first === undefined) throw new Error("no node");
  return Promise.resolve({ nodes: [first], close: none });
});

faultContract("the Redis engine", () => {
  const nodes = createNodes(3);
  const [first, ...others] = nodes.map(({ engine }) => engine);
  if (first === undefined) throw new Error("no node");
  const connectionOf = (engine: unknown): FaultyConnection | undefined =>
    nodes.find((node) => node.engine === engine)?.connection;
  return Promise.resolve({
    nodes: [first, ...others],
    kill: async (engine) => {
      await connectionOf(engine)?.kill();
    },
    loseNextAnswer: (engine) => connectionOf(engine)?.loseNextAnswer(),
    close: none,
  });
});
