// cspell:ignore keyslot myid setslot getkeysinslot
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { RedisProcess } from "./redis-process.ts";

const run = promisify(execFile);

/** Most keys that are moved with one command. */
const batchSize = "10";

/**
 * Moves the hash slot of a key, with all keys in it, from the master that has it to another one, as operators do it while the
 * cluster is used.
 *
 * @param beforeEnd called when the keys have moved. Subscribers of topics in the slot have not yet.
 */
export async function moveSlot(
  masters: readonly RedisProcess[],
  key: string,
  beforeEnd: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const [asked] = masters;
  if (asked === undefined) throw new TypeError("A cluster has masters");
  const slot = await command(asked.port, "cluster", "keyslot", key);
  const owners = await Promise.all(masters.map(({ port }) => command(port, "exists", key)));
  const from = masters.find((_, index) => !owners[index]?.startsWith("MOVED"));
  const to = masters.find((master) => master !== from);
  if (from === undefined || to === undefined) throw new TypeError("A cluster has at least two masters");
  const [fromId, toId] = [await command(from.port, "cluster", "myid"), await command(to.port, "cluster", "myid")];
  await command(to.port, "cluster", "setslot", slot, "importing", fromId);
  await command(from.port, "cluster", "setslot", slot, "migrating", toId);
  for (;;) {
    const keys = (await command(from.port, "cluster", "getkeysinslot", slot, batchSize)).split("\n").filter(Boolean);
    if (keys.length === 0) break;
    await command(from.port, "migrate", "127.0.0.1", String(to.port), "", "0", "5000", "keys", ...keys);
  }
  await beforeEnd();
  for (const { port } of [to, from, ...masters]) await command(port, "cluster", "setslot", slot, "node", toId);
}

async function command(port: number, ...words: readonly string[]): Promise<string> {
  const { stdout } = await run("redis-cli", ["-p", String(port), ...words]);
  return stdout.trim();
}
