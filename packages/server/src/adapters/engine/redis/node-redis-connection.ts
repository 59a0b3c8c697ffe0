import { createHash } from "node:crypto";
import { Deferred } from "./deferred.ts";
import { EngineStartError } from "../../../core/engine-start-error.ts";
import { answerMs, createClients, type Clients } from "./redis-clients.ts";
import { connectionProblem, serverProblem } from "./server-problem.ts";
import type { RedisAddress, ConnectionEvents, RedisConnection, Reply, Script } from "./redis-connection.ts";

/** Speaks to Redis or Valkey with the library `redis`: a single server, Sentinel, or Redis Cluster. */
export class NodeRedisConnection implements RedisConnection {
  readonly #address: RedisAddress;
  readonly #clients: Clients;
  readonly #hashes = new Map<Script, string>();
  #closed = false;

  constructor(address: RedisAddress) {
    this.#address = address;
    this.#clients = createClients(address);
  }

  get publishCommand(): RedisConnection["publishCommand"] {
    return this.#clients.publishCommand;
  }

  async open(events: ConnectionEvents): Promise<void> {
    const { commands, subscriber, info } = this.#clients;
    const all = [...new Set<Pick<Clients["subscriber"], "on" | "connect">>([commands, subscriber])];
    const failed = new Deferred<never>();
    failed.promise.catch(() => undefined);
    for (const client of all) client.on("error", (error) => failed.reject(asError(error)));
    try {
      await Promise.race([Promise.all(all.map((client) => client.connect())), failed.promise]);
      const problem = serverProblem(await info(), this.#address);
      if (problem !== undefined) throw problem;
    } catch (error) {
      await this.close();
      if (error instanceof EngineStartError) throw error;
      throw connectionProblem(error, this.#address);
    }
    this.#watch(events);
  }

  problemOf(error: unknown): Error {
    return connectionProblem(error, this.#address);
  }

  async run(script: Script, keys: readonly string[], args: readonly string[]): Promise<Reply> {
    const { commands } = this.#clients;
    const options = { keys: [...keys], arguments: [...args] };
    try {
      return (await inTime(commands.evalSha(this.#hashOf(script), options))) as Reply;
    } catch (error) {
      if (!asError(error).message.startsWith("NOSCRIPT")) throw error;
      return (await inTime(commands.eval(script.lua, options))) as Reply;
    }
  }

  async publish(topic: string, payload: string): Promise<void> {
    await inTime(this.#clients.publishSharded(topic, payload));
  }

  async subscribe(topic: string, sharded: boolean, listener: (payload: string) => void): Promise<void> {
    const { subscriber, subscribeSharded } = this.#clients;
    if (!sharded) {
      await inTime(subscriber.subscribe(topic, listener));
      return;
    }
    try {
      await inTime(subscribeSharded(topic, listener));
    } catch (error) {
      // The library closes a connection without topics, possibly just when another topic is subscribed there.
      if (!this.#clients.closesIdle) throw error;
      await inTime(subscribeSharded(topic, listener));
    }
  }

  async unsubscribe(topic: string, sharded: boolean): Promise<void> {
    const { subscriber, unsubscribeSharded } = this.#clients;
    await inTime(sharded ? unsubscribeSharded(topic) : subscriber.unsubscribe(topic));
  }

  close(): Promise<void> {
    this.#closed = true;
    const { commands, subscriber } = this.#clients;
    for (const client of new Set<Pick<Clients["subscriber"], "destroy">>([commands, subscriber])) {
      try {
        client.destroy();
      } catch {
        // It was closed already.
      }
    }
    return Promise.resolve();
  }

  /** Reports when a connection is lost, and when all of them work again. */
  #watch(events: ConnectionEvents): void {
    const lost = new Set<unknown>();
    const ready = (connection: unknown): void => {
      if (lost.delete(connection) && lost.size === 0 && !this.#closed) events.up();
    };
    this.#clients.watch({
      lost: (connection, reason) => {
        const wasUp = lost.size === 0;
        lost.add(connection);
        if (wasUp && !this.#closed) events.down(asError(reason).message);
      },
      ready,
      closed: ready,
    });
  }

  #hashOf(script: Script): string {
    let hash = this.#hashes.get(script);
    if (hash === undefined) {
      hash = createHash("sha1").update(script.lua).digest("hex");
      this.#hashes.set(script, hash);
    }
    return hash;
  }
}

/** The answer, or a rejection after five seconds. */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Redis did not answer within ${answerMs} ms`)), answerMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function asError(value: unknown): Error {
  return value instanceof Error ? value : new Error("The connection was lost");
}
