import { CommandBatches } from "./command-batches.ts";
import { Deferred } from "../deferred.ts";
import type { TurnEnd } from "../../../../core/turns.ts";
import { EngineStartError } from "../../../../core/errors/engine-start-error.ts";
import { hashTagOf } from "./hash-slot.ts";
import { KnownScripts } from "./known-scripts.ts";
import { answerMs, createClients, type Clients } from "./redis-clients.ts";
import { connectionProblem, serverProblem } from "./server-problem.ts";
import type { RedisAddress, ConnectionEvents, RedisConnection, Reply, Script } from "./redis-connection.ts";
import { TimeLimit } from "./time-limit.ts";

/** Speaks to Redis or Valkey with the library `redis`: a single server, Sentinel, or Redis Cluster. */
export class NodeRedisConnection implements RedisConnection {
  readonly #address: RedisAddress;
  readonly #clients: Clients;
  readonly #scripts = new KnownScripts();
  readonly #limit = new TimeLimit(answerMs, () => new Error(`Redis did not answer within ${answerMs} ms`));
  readonly #batches = new CommandBatches();
  readonly #turnEnd: TurnEnd | undefined;
  #closed = false;

  /** @param turnEnd the end of turns, if this process delivers messages. */
  constructor(address: RedisAddress, turnEnd?: TurnEnd) {
    this.#address = address;
    this.#turnEnd = turnEnd;
    this.#clients = createClients(address, this.#limit);
  }

  get publishCommand(): RedisConnection["publishCommand"] {
    return this.#clients.publishCommand;
  }

  async open(events: ConnectionEvents): Promise<void> {
    const { clients, info } = this.#clients;
    const failed = new Deferred<never>();
    failed.promise.catch(() => undefined);
    for (const client of clients) {
      client.on("error", (error) => {
        // With Sentinel, a text comes first, and then the error.
        if (error instanceof Error) failed.reject(error);
      });
    }
    try {
      await Promise.race([Promise.all(clients.map((client) => client.connect())), failed.promise]);
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
    const rest = [String(keys.length), ...keys, ...args];
    const [key = ""] = keys;
    const place = this.#clients.isOneServer ? "" : hashTagOf(key);
    try {
      const reply = await this.#send(key, [...this.#scripts.commandFor(script, place), ...rest]);
      this.#scripts.add(script, place);
      return reply as Reply;
    } catch (error) {
      const { message } = asError(error);
      // The primary has become a replica, and closes no connection for that.
      if (message.startsWith("READONLY")) this.#clients.reconnect();
      if (!message.startsWith("NOSCRIPT")) throw error;
      // Somebody has removed the scripts, or a hash slot has moved.
      this.#scripts.forget();
      return (await this.#send(key, ["EVAL", script.lua, ...rest])) as Reply;
    }
  }

  publish(topic: string, payload: string): Promise<unknown> {
    return this.#send(topic, [this.publishCommand, topic, payload]);
  }

  async subscribe(topic: string, sharded: boolean, listener: (payload: string) => void): Promise<void> {
    const { subscriber, subscribeSharded } = this.#clients;
    await this.#limit.within(sharded ? subscribeSharded(topic, listener) : subscriber.subscribe(topic, listener));
  }

  async unsubscribe(topic: string, sharded: boolean): Promise<void> {
    const { subscriber, unsubscribeSharded } = this.#clients;
    await this.#limit.within(sharded ? unsubscribeSharded(topic) : subscriber.unsubscribe(topic));
  }

  close(): Promise<void> {
    this.#closed = true;
    for (const client of this.#clients.clients) {
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
        this.#scripts.forget();
        if (wasUp && !this.#closed) events.down(asError(reason).message);
      },
      ready,
      closed: ready,
    });
  }

  #send(key: string, command: string[]): Promise<unknown> {
    const { send, isOneServer } = this.#clients;
    // One promise for the time limit and the batch: this is done for each publish.
    return new Promise((resolve, reject) => {
      const end = this.#limit.begin(reject);
      const answered = (): void => {
        end();
        if (isOneServer) this.#batches.answered();
      };
      const write = (): void => {
        send(key, command).then(
          (answer) => {
            answered();
            return resolve(answer);
          },
          (error: unknown) => {
            answered();
            reject(asError(error));
          },
        );
        // The library writes with `setImmediate`: before deliveries, so that Redis works while they leave.
        this.#turnEnd?.letOthersGoFirst();
      };
      if (isOneServer) this.#batches.add(write);
      else write();
    });
  }
}

function asError(value: unknown): Error {
  return value instanceof Error ? value : new Error("The connection was lost");
}
