import type { Setup } from "./cluster-bench.ts";

/** The clusters that are compared. */
export const clusterSetups = {
  memory: { name: "memory engine", nodes: 1, engine: "memory" },
  one: { name: "Redis, 1 node", nodes: 1, engine: "redis" },
  two: { name: "Redis, 2 nodes", nodes: 2, engine: "redis" },
  three: { name: "Redis, 3 nodes", nodes: 3, engine: "redis" },
} as const satisfies Record<string, Setup>;
