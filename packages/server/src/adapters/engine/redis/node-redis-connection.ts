import { createHash } from "node:crypto";
import { createClient, createCluster, createSentinel } from "redis";
import { serverProblem } from "./server-problem.ts";
import type { ConnectionEvents, RedisConnection, Reply, Script } from "./redis-connection.ts";

/** Where Redis is. */
export interface RedisAddress {
  /** `redis://` or, with TLS, `rediss://`; user, password and database are parts of it. */
  readonly url: string;
  /** Whether the URL names a node of a Redis Cluster. */
  readonly cluster: boolean;
  /** Name of the primary if the URL names a Sentinel. */
  readonly sentinelPrimary: string | undefined;
}

/** Longest wait for an answer, in milliseconds. */
const answerMs = 5_000;
const pingMs = 1_000;
/** A connection on which nothing arrives for so long is closed and opened again, in milliseconds. */
const silenceMs = 4_000;
/** Longest pause between two attempts to connect, in milliseconds. */
const longestPauseMs = 2_000;

/** What the three kinds of clients of the library have in common. */
interface Client {
  connect(): Promise<unknown>;
  evalSha(sha: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  eval(lua: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  publish(topic: string, payload: string): Promise<unknown>;
  destroy(): void;
  on(event: string, listener: (detail: unknown) => void): unknown;
}

interface Subscriber extends Pick<Client, "connect" | "destroy" | "on"> {
  subscribe(topic: string, listener: (payload: string) => void): Promise<unknown>;
  unsubscribe(topic: string): Promise<unknown>;
}

/** Everything that depends on the kind of Redis. */
interface Clients {
  readonly commands: Client;
  readonly subscriber: Subscriber;
  readonly info: () => Promise<string>;
  readonly publishSharded: (topic: string, payload: string) => Promise<unknown>;
  readonly subscribeSharded: Subscriber["subscribe"];
  readonly unsubscribeSharded: Subscriber["unsubscribe"];
  readonly publishCommand: RedisConnection["publishCommand"];
}

/** Speaks to Redis or Valkey with the library `redis`: a single server, Sentinel, or Redis Cluster. */
export class NodeRedisConnection implements RedisConnection {
  readonly #address: RedisAddress;
  readonly #clients: Clients;
  readonly #hashes = new Map<Script, string>();
  #closed = false;

  constructor(address: RedisAddress) {
    this.#address = address;
    this.#clients = address.cluster
      ? clusterClients(address.url)
      : address.sentinelPrimary === undefined
        ? singleClients(address.url)
        : sentinelClients(address.url, address.sentinelPrimary);
  }

  get publishCommand(): RedisConnection["publishCommand"] {
    return this.#clients.publishCommand;
  }

  async open(events: ConnectionEvents): Promise<void> {
    const { commands, subscriber, info } = this.#clients;
    const all = [...new Set<Pick<Client, "on" | "connect">>([commands, subscriber])];
    let firstFailure: (error: Error) => void = () => undefined;
    const failed = new Promise<never>((_resolve, reject) => (firstFailure = reject));
    for (const client of all) client.on("error", (error) => firstFailure(asError(error)));
    try {
      await Promise.race([Promise.all(all.map((client) => client.connect())), failed]);
    } catch (error) {
      throw new Error(`Cannot connect to Redis: ${asError(error).message}`, { cause: error });
    }
    const problem = serverProblem(await info(), this.#address.cluster);
    if (problem !== undefined) throw new Error(problem);
    this.#watch(all, events);
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

  async broadcast(topic: string, payload: string): Promise<void> {
    await inTime(this.#clients.commands.publish(topic, payload));
  }

  async subscribe(topic: string, sharded: boolean, listener: (payload: string) => void): Promise<void> {
    const { subscriber, subscribeSharded } = this.#clients;
    await inTime(sharded ? subscribeSharded(topic, listener) : subscriber.subscribe(topic, listener));
  }

  async unsubscribe(topic: string, sharded: boolean): Promise<void> {
    const { subscriber, unsubscribeSharded } = this.#clients;
    await inTime(sharded ? unsubscribeSharded(topic) : subscriber.unsubscribe(topic));
  }

  close(): Promise<void> {
    this.#closed = true;
    const { commands, subscriber } = this.#clients;
    for (const client of new Set<Pick<Client, "destroy">>([commands, subscriber])) {
      try {
        client.destroy();
      } catch {
        // It was closed already.
      }
    }
    return Promise.resolve();
  }

  /** Reports when a connection is lost, and when all of them work again. */
  #watch(clients: readonly Pick<Client, "on">[], events: ConnectionEvents): void {
    const lost = new Set<unknown>();
    for (const client of clients) {
      const down = (reason: unknown): void => {
        if (this.#closed) return;
        const wasUp = lost.size === 0;
        lost.add(client);
        if (wasUp) events.down(asError(reason).message);
      };
      const up = (): void => {
        if (lost.delete(client) && lost.size === 0 && !this.#closed) events.up();
      };
      for (const name of ["error", "node-error", "node-disconnect", "server-error"]) client.on(name, down);
      for (const name of ["ready", "node-ready", "client-ready"]) client.on(name, up);
    }
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

function settings(url: string): Parameters<typeof createClient>[0] {
  return {
    url,
    disableOfflineQueue: true,
    pingInterval: pingMs,
    socket: {
      connectTimeout: answerMs,
      socketTimeout: silenceMs,
      reconnectStrategy: (attempts: number) => Math.min(50 * 2 ** attempts, longestPauseMs),
    },
  };
}

function singleClients(url: string): Clients {
  const commands = createClient(settings(url));
  const subscriber = createClient(settings(url));
  return {
    commands,
    subscriber,
    info: () => commands.info(),
    publishSharded: (topic, payload) => commands.publish(topic, payload),
    subscribeSharded: (topic, listener) => subscriber.subscribe(topic, listener),
    unsubscribeSharded: (topic) => subscriber.unsubscribe(topic),
    publishCommand: "PUBLISH",
  };
}

function sentinelClients(url: string, primary: string): Clients {
  const { hostname, port, username, password } = new URL(url);
  const credentials = { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  const sentinel = createSentinel({
    name: primary,
    sentinelRootNodes: [{ host: hostname, port: Number(port === "" ? 26_379 : port) }],
    nodeClientOptions: password === "" ? {} : credentials,
  });
  return {
    commands: sentinel,
    subscriber: sentinel,
    info: () => sentinel.info(),
    publishSharded: (topic, payload) => sentinel.publish(topic, payload),
    subscribeSharded: (topic, listener) => sentinel.subscribe(topic, listener),
    unsubscribeSharded: (topic) => sentinel.unsubscribe(topic),
    publishCommand: "PUBLISH",
  };
}

function clusterClients(url: string): Clients {
  const { username, password } = new URL(url);
  const cluster = createCluster({
    rootNodes: [{ url }],
    defaults: {
      username: decodeURIComponent(username),
      password: decodeURIComponent(password),
      pingInterval: pingMs,
      socket: { connectTimeout: answerMs, socketTimeout: silenceMs },
    },
  });
  return {
    commands: cluster,
    subscriber: cluster,
    async info() {
      const [master] = cluster.masters;
      if (master === undefined) return "";
      return (await cluster.nodeClient(master)).info();
    },
    publishSharded: (topic, payload) => cluster.sPublish(topic, payload),
    subscribeSharded: (topic, listener) => cluster.sSubscribe(topic, listener),
    unsubscribeSharded: (topic) => cluster.sUnsubscribe(topic),
    publishCommand: "SPUBLISH",
  };
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
