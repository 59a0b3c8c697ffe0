// cspell:ignore keyslot myid setslot getkeysinslot
import { createClient } from "redis";
import type { RedisProcess } from "./redis-process.ts";

/** Most keys that are moved with one command. */
const batchSize = "10";

interface Master {
  sendCommand<Reply>(command: string[]): Promise<Reply>;
}

/**
 * Moves the hash slot of a key, with all keys in it, from the master that has it to another one, as operators do it while the
 * cluster is used.
 *
 * @param beforeEnd called when the keys have moved. Subscribers of topics in the slot have not yet.
 */
export async function moveSlot(
  processes: readonly RedisProcess[],
  key: string,
  beforeEnd: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const masters = await Promise.all(processes.map(({ url }) => connect(url)));
  try {
    const [asked] = masters;
    if (asked === undefined) throw new TypeError("A cluster has masters");
    const slot = String(await asked.sendCommand(["CLUSTER", "KEYSLOT", key]));
    const owners = await Promise.all(masters.map((master) => isOwner(master, key)));
    const source = masters.findIndex((_, index) => owners[index]);
    const target = masters.findIndex((_, index) => !owners[index]);
    const [from, to, toPort] = [masters[source], masters[target], processes[target]?.port];
    if (from === undefined || to === undefined) throw new TypeError("A cluster has at least two masters");
    const [fromId, toId] = [await idOf(from), await idOf(to)];
    await to.sendCommand(["CLUSTER", "SETSLOT", slot, "IMPORTING", fromId]);
    await from.sendCommand(["CLUSTER", "SETSLOT", slot, "MIGRATING", toId]);
    for (;;) {
      const keys = await from.sendCommand<string[]>(["CLUSTER", "GETKEYSINSLOT", slot, batchSize]);
      if (keys.length === 0) break;
      await from.sendCommand(["MIGRATE", "127.0.0.1", String(toPort), "", "0", "5000", "KEYS", ...keys]);
    }
    await beforeEnd();
    for (const master of new Set([to, from, ...masters])) {
      await master.sendCommand(["CLUSTER", "SETSLOT", slot, "NODE", toId]);
    }
  } finally {
    for (const master of masters) master.destroy();
  }
}

async function connect(url: string): Promise<Master & { destroy(): void }> {
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  // The command that waits fails, too.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

function idOf(master: Master): Promise<string> {
  return master.sendCommand<string>(["CLUSTER", "MYID"]);
}

async function isOwner(master: Master, key: string): Promise<boolean> {
  try {
    await master.sendCommand(["EXISTS", key]);
    return true;
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("MOVED")) return false;
    throw error;
  }
}
