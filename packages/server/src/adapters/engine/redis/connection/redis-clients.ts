// cspell:ignore maint
import { createClient, createCluster, createSentinel } from "redis";
import { isLoss, watchClusterConnections } from "./cluster-connections.ts";
import { connectCluster } from "./connect-cluster.ts";
import type { ConnectionStates } from "./connection-states.ts";
import type { RedisAddress, RedisConnection } from "./redis-connection.ts";
import { SentinelWatch } from "./sentinel-watch.ts";
import { emptyCluster } from "./server-problem.ts";
import { ShardedTopics } from "./sharded-topics.ts";
import type { TimeLimit } from "./time-limit.ts";

/** Longest wait for an answer, in milliseconds. */
export const answerMs = 5_000;
const pingMs = 1_000;
/** A connection on which nothing arrives for so long is closed and opened again, in milliseconds. */
const silenceMs = 4_000;
/** After so long without a master, the others of the cluster are asked where its hash slots are, in milliseconds. */
const lookAgainMs = 1_000;
/** Longest pause between two attempts to connect, in milliseconds. */
const longestPauseMs = 2_000;

/**
 * The time limit of the library makes an `AbortSignal` for each command, which costs more than all else that it does. Answers
 * are limited by `TimeLimit` instead.
 */
const commandOptions = { timeout: 0 };

/** What the three kinds of clients of the library have in common. */
interface Client {
  connect(): Promise<unknown>;
  /** Throws if it is closed already. */
  destroy(): void;
  on(event: string, listener: (detail: unknown) => void): unknown;
}

interface Subscriber extends Client {
  subscribe(topic: string, listener: (payload: string) => void): Promise<unknown>;
  unsubscribe(topic: string): Promise<unknown>;
}

/** Everything that depends on the kind of Redis. */
export interface Clients {
  /** All of them connect; there may be one for both purposes. */
  readonly clients: readonly Client[];
  readonly subscriber: Subscriber;
  readonly info: () => Promise<string>;
  /** Sends a command whose keys and topics are all in the hash slot of `key`. */
  readonly send: (key: string, command: string[]) => Promise<unknown>;
  /** Whether all commands go to the same server. */
  readonly isOneServer: boolean;
  readonly subscribeSharded: Subscriber["subscribe"];
  readonly unsubscribeSharded: Subscriber["unsubscribe"];
  readonly publishCommand: RedisConnection["publishCommand"];
  /** Connects again: the address may lead to another server by now. */
  readonly reconnect: () => void;
  /** Reports every later change of the connections. */
  readonly watch: (states: ConnectionStates) => void;
}

/** Options of each connection. The library writes into the object, so each client needs its own. */
function connectionOptions(url: string) {
  return {
    commandOptions,
    pingInterval: pingMs,
    // What cannot be sent now is not sent later, when nobody waits for it.
    disableOfflineQueue: true,
    socket: {
      connectTimeout: answerMs,
      // A connection that has died silently is noticed.
      socketTimeout: silenceMs,
      // By default, the library does not connect again after a silence.
      reconnectStrategy: (attempts: number) => Math.min(50 * 2 ** attempts, longestPauseMs),
      // The library reads the URL only for the server that it names, and not for the others of a cluster.
      ...(new URL(url).protocol === "rediss:" ? { tls: true as const } : {}),
    },
  };
}

function credentialsOf(url: string): { readonly username: string; readonly password: string } {
  const { username, password } = new URL(url);
  return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
}

/** Creates the clients for an address. They connect later. */
export function createClients({ url, cluster, sentinelPrimary }: RedisAddress, limit: TimeLimit): Clients {
  if (cluster) return clusterClients(url);
  return sentinelPrimary === undefined ? singleClients(url) : sentinelClients(url, sentinelPrimary, limit);
}

/** Two connections: Redis closes one with topics when large answers wait on it, such as the members of large channels. */
function singleClients(url: string): Clients {
  const commands = createClient({ ...connectionOptions(url), url });
  const subscriber = createClient({ ...connectionOptions(url), url });
  return {
    clients: [commands, subscriber],
    subscriber,
    info: () => commands.info(),
    send: (_, command) => commands.sendCommand(command),
    isOneServer: true,
    subscribeSharded: (topic, listener) => subscriber.subscribe(topic, listener),
    unsubscribeSharded: (topic) => subscriber.unsubscribe(topic),
    publishCommand: "PUBLISH",
    reconnect() {
      for (const client of [commands, subscriber]) client.sendCommand(["QUIT"]).catch(() => undefined);
    },
    watch(states) {
      watchClient(commands, states);
      watchClient(subscriber, states);
    },
  };
}

function sentinelClients(url: string, primary: string, limit: TimeLimit): Clients {
  const { hostname, port, password } = new URL(url);
  const sentinel = createSentinel({
    name: primary,
    sentinelRootNodes: [{ host: hostname, port: Number(port === "" ? 26_379 : port) }],
    sentinelClientOptions: { socket: connectionOptions(url).socket },
    nodeClientOptions: { ...connectionOptions(url), ...(password === "" ? {} : credentialsOf(url)) },
    commandOptions,
  });
  return {
    clients: [sentinel],
    subscriber: sentinel,
    info: () => sentinel.info(),
    send: (_, command) => sentinel.sendCommand(false, command),
    isOneServer: true,
    subscribeSharded: (topic, listener) => sentinel.subscribe(topic, listener),
    unsubscribeSharded: (topic) => sentinel.unsubscribe(topic),
    publishCommand: "PUBLISH",
    // Sentinel tells which server is the primary.
    reconnect: () => undefined,
    watch(states) {
      const watch = new SentinelWatch(sentinel, states, limit);
      const lost = (error: unknown): void => {
        if (isLoss(error)) void watch.lost(error);
      };
      sentinel.on("error", lost);
      sentinel.on("client-error", ({ type, error }: { readonly type: string; readonly error: unknown }) => {
        if (type === "MASTER") lost(error);
      });
      sentinel.on("topology-change", (change) => {
        if (isPrimaryChange(change)) lost(new Error("The primary has changed"));
      });
    },
  };
}

function clusterClients(url: string): Clients {
  const options = { ...connectionOptions(url), ...credentialsOf(url) };
  const cluster = createCluster({
    rootNodes: [{ url }],
    commandOptions,
    topologyRefreshOnReconnectionAttemptStrategy: lookAgainMs,
    defaults: options,
  });
  const topics = new ShardedTopics(cluster, ({ host, port }) =>
    createClient({
      ...options,
      RESP: 3,
      maintNotifications: "disabled",
      pingInterval: 0,
      socket: { ...options.socket, host, port, reconnectStrategy: false },
    }),
  );
  const client: Client = {
    connect: () => connectCluster(cluster),
    destroy() {
      topics.close();
      cluster.destroy();
    },
    on: (event, listener) => cluster.on(event, listener),
  };
  return {
    clients: [client],
    subscriber: cluster,
    async info() {
      const [master] = cluster.masters;
      if (master === undefined) throw emptyCluster;
      return (await cluster.nodeClient(master)).info();
    },
    send: (key, command) => cluster.sendCommand(key, false, command),
    isOneServer: false,
    subscribeSharded: (topic, listener) => topics.subscribe(topic, listener),
    unsubscribeSharded: (topic) => topics.unsubscribe(topic),
    publishCommand: "SPUBLISH",
    // The cluster tells which servers are masters.
    reconnect: () => undefined,
    watch(states) {
      topics.watch(states);
      watchClusterConnections(cluster, states);
    },
  };
}

function isPrimaryChange(change: unknown): boolean {
  return typeof change === "object" && change !== null && "type" in change && change.type === "MASTER_CHANGE";
}

function watchClient(client: Pick<Client, "on">, states: ConnectionStates): void {
  client.on("error", (error) => {
    if (isLoss(error)) states.lost(client, error);
  });
  client.on("ready", () => states.ready(client));
}
