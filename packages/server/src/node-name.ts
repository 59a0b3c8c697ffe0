import { hostname } from "node:os";

/** The name of this process among those of a cluster, for people. */
export function nodeName(): string {
  return `${hostname()}-${process.pid}`;
}
