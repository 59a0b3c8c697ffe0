import cluster from "node:cluster";

/** Tells a worker its number. */
export const workerNumberVariable = "WORKER_NUMBER";

/** The number of this process among those that share a port, from 1; undefined if it is the only one. */
export function workerNumber(): number | undefined {
  return cluster.isWorker ? Number(process.env[workerNumberVariable]) : undefined;
}
