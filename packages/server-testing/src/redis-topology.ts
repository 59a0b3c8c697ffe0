// cspell:ignore keyslot noaddr
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { RedisProcess } from "./redis-process.ts";

/** A server that does not answer for so long is paused, in milliseconds. */
const answerMs = 3_000;

const slotCount = 16_384;
/** Before servers are asked again, in milliseconds. */
const againMs = 100;

/** One line of the answer to `CLUSTER NODES`. */
interface Line {
  readonly id: string;
  readonly flags: readonly string[];
  /** Id of the master; "-" for a master. */
  readonly master: string;
  readonly slots: readonly string[];
}

/** Which servers of a Redis Cluster are masters, of which hash slots and replicas, while that changes. */
export class RedisTopology {
  readonly servers: readonly RedisProcess[];

  /** @param servers all of the cluster. */
  constructor(servers: readonly RedisProcess[]) {
    this.servers = servers;
  }

  /** The servers that have hash slots, in a fixed order. Waits until servers that answer have all of them. */
  async masters(): Promise<readonly RedisProcess[]> {
    for (;;) {
      const views = await this.#views();
      const masters = this.servers.filter((_, index) => isMasterWithSlots(ownLine(views[index])));
      const counts = views.map((lines) => slotsOf(ownLine(lines)));
      if (counts.reduce((sum, count) => sum + count, 0) >= slotCount) return masters;
      await pause(againMs);
    }
  }

  async replicaOf(master: RedisProcess): Promise<RedisProcess> {
    for (;;) {
      const views = await this.#views();
      const id = ownLine(views[this.servers.indexOf(master)])?.id;
      const replica = this.servers.find((_, index) => ownLine(views[index])?.master === id);
      if (id !== undefined && replica !== undefined) return replica;
      await pause(againMs);
    }
  }

  /** The master that has the hash slot of a key. */
  async ownerOf(key: string): Promise<RedisProcess> {
    for (;;) {
      const answers = await this.#ask("cluster nodes", `cluster keyslot ${key}`);
      const slot = Number(answers.map((answer) => /^:(\d+)/m.exec(answer)?.[1]).find((number) => number !== undefined));
      const views = answers.map(linesOf);
      const owner = this.servers.find((_, index) => {
        const own = ownLine(views[index]);
        return own !== undefined && isMasterWithSlots(own) && own.slots.some((range) => has(range, slot));
      });
      if (owner !== undefined) return owner;
      await pause(againMs);
    }
  }

  /** Whether all servers answer, agree on who has which hash slots, and every master has a replica with its data. */
  async isWhole(): Promise<boolean> {
    const answers = await this.#ask("cluster nodes", "cluster info", "info replication");
    const views = answers.map(linesOf);
    const agreed = views.map((lines) =>
      JSON.stringify(lines?.map(({ id, master, slots }) => [id, master, slots.filter(isRange)]).toSorted()),
    );
    return (
      views.every((lines) => lines?.every(({ flags }) => !flags.some((flag) => /fail|handshake|noaddr/.test(flag)))) &&
      new Set(agreed).size === 1 &&
      answers.every((answer) => answer.includes("cluster_state:ok") && !answer.includes("master_link_status:down")) &&
      this.#everyMasterHasReplica(views[0] ?? [])
    );
  }

  #everyMasterHasReplica(lines: readonly Line[]): boolean {
    return lines.filter(isMasterWithSlots).every(({ id }) => lines.some(({ master }) => master === id));
  }

  #ask(...commands: readonly string[]): Promise<readonly string[]> {
    return Promise.all(this.servers.map((server) => ask(server, ...commands)));
  }

  async #views(): Promise<readonly (readonly Line[] | undefined)[]> {
    return (await this.#ask("cluster nodes")).map(linesOf);
  }
}

/** Returns the answers to commands, one after the other; "" if the server does not answer. */
function ask({ port }: RedisProcess, ...commands: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    let answers = "";
    const socket = connect(port, "127.0.0.1");
    socket.setTimeout(answerMs, () => socket.destroy(new Error("The server is paused")));
    socket.on("data", (part) => (answers += part.toString()));
    socket.on("error", () => (answers = "")).on("close", () => resolve(answers));
    // Redis closes the connection after the last answer.
    socket.write([...commands, "quit", ""].join("\r\n"));
  });
}

function linesOf(answers: string): readonly Line[] | undefined {
  const lines = answers.match(/^[0-9a-f]{40} .*$/gm) ?? [];
  if (lines.length === 0) return undefined;
  return lines.map((line) => {
    const [id = "", , flags = "", master = "", , , , , ...slots] = line.trim().split(" ");
    return { id, flags: flags.split(","), master, slots };
  });
}

function ownLine(lines: readonly Line[] | undefined): Line | undefined {
  return lines?.find(({ flags }) => flags.includes("myself"));
}

function isMasterWithSlots(line: Line | undefined): boolean {
  return line?.flags.includes("master") === true && line.slots.length > 0;
}

/** A server that was killed soon after a hash slot has moved may still note that the slot is about to move, in brackets. */
function isRange(slots: string): boolean {
  return !slots.startsWith("[");
}

/** How many hash slots a master has. */
function slotsOf(line: Line | undefined): number {
  if (line === undefined || !isMasterWithSlots(line)) return 0;
  return line.slots.reduce((sum, range) => {
    const [first = Number.NaN, last = first] = range.split("-").map(Number);
    return sum + (Number.isNaN(first) ? 0 : last - first + 1);
  }, 0);
}

/** @param range such as "0-5460" or "7"; slots that are about to move are in brackets. */
function has(range: string, slot: number): boolean {
  const [first = Number.NaN, last = first] = range.split("-").map(Number);
  return first <= slot && slot <= last;
}
