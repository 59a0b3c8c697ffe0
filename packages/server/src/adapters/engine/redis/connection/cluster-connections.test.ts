import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { watchClusterConnections } from "./cluster-connections.ts";

test("an error of a connection that was closed before does not count as a loss", () => {
  const cluster = new EventEmitter();
  const lost = new Set<unknown>();
  watchClusterConnections(cluster, {
    lost: (connection) => lost.add(connection),
    ready: (connection) => lost.delete(connection),
    closed: (connection) => lost.delete(connection),
  });
  const [paused, other] = [{ port: 1 }, { port: 2 }];
  cluster.emit("node-error", new Error("Socket timeout"), paused);
  cluster.emit("node-error", new Error("Socket timeout"), other);
  expect([...lost]).toEqual([paused, other]);
  cluster.emit("node-disconnect", paused);
  cluster.emit("node-ready", other);
  expect([...lost]).toEqual([]);
  cluster.emit("node-error", new Error("The client is closed"), paused);
  expect([...lost]).toEqual([]);
});
