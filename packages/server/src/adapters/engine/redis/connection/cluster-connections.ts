import { ErrorReply } from "redis";
import type { ConnectionStates } from "./connection-states.ts";

/** The part of the library's client for a Redis Cluster that this uses. */
interface Cluster {
  on(event: string, listener: (...details: readonly unknown[]) => void): unknown;
}

/**
 * Reports every change of the connections to the servers of a Redis Cluster. The library passes the same object with every event
 * of one connection. It reports errors of a connection that it has closed while it was connecting: these count for nothing, because
 * that connection never becomes ready.
 */
export function watchClusterConnections(cluster: Cluster, states: ConnectionStates): void {
  const closed = new WeakSet<object>();
  const isClosed = (connection: unknown): boolean =>
    typeof connection === "object" && connection !== null && closed.has(connection);
  cluster.on("node-error", (error, connection) => {
    if (isLoss(error) && !isClosed(connection)) states.lost(connection, error);
  });
  cluster.on("node-ready", (connection) => states.ready(connection));
  cluster.on("node-disconnect", (connection) => {
    if (typeof connection === "object" && connection !== null) closed.add(connection);
    // The library may have subscribed elsewhere what it had subscribed at a server that has left the cluster.
    states.lost(connection, new Error("A server has left the Redis Cluster"));
    states.closed(connection);
  });
}

/** Whether a connection has ended. Redis may refuse a ping, for example while a script runs: then the connection stays open. */
export function isLoss(error: unknown): boolean {
  return !(error instanceof ErrorReply);
}
