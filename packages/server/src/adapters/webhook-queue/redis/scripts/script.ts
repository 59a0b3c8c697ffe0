import type { QueueScript } from "../redis-scripts.ts";
import { allowFullMemory, queueFunctions } from "./queue-functions.ts";

/** Makes a script of the queue: `lua` may use the functions that the scripts share. */
export function script(name: string, lua: string): QueueScript {
  return { name: `webhooks ${name}`, lua: allowFullMemory + queueFunctions + lua };
}
