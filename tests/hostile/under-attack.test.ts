import { setTimeout as wait } from "node:timers/promises";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { HealthyLoad, type HealthyLoadResult } from "../fixtures/healthy-load.ts";
import { canPlace, type Role } from "../fixtures/placement.ts";
import { SeededRandom } from "../fixtures/seeded-random.ts";
import { ServerProcess } from "../fixtures/server-process.ts";
import { Attackers } from "./attackers.ts";
import { sustainedAttacks } from "./sustained-attacks.ts";

/** Length of each attack: short in `npm test`, as long as `ATTACK_SECONDS` says in `npm run soak`. */
const seconds = Number(process.env["ATTACK_SECONDS"] ?? 1);
const isLong = process.env["ATTACK_SECONDS"] !== undefined;
/** What a server may need after an attack until everything of it is forgotten: time-outs of stalled and absent clients. */
const restMs = isLong ? Number(process.env["ATTACK_REST_SECONDS"] ?? 40) * 1_000 : 0;
const sampleMs = 50;
/** A long run measures an attack that is under way, not its beginning. */
const rampMs = isLong ? 2_000 : 0;
/** `ATTACK_SERVER=bare` attacks a server of `node:http` and `ws` without limits, for comparison. */
const kind = process.env["ATTACK_SERVER"] === "bare" ? "bare" : "default";
/** A long run measures: then attackers take no time from others but by what they make the server do. */
const isPlaced = isLong && canPlace();
const placeOf = (role: Role): Role | undefined => (isPlaced ? role : undefined);

/** One line of the table that a long run prints. */
interface Row {
  readonly attack: string;
  readonly quiet: HealthyLoadResult;
  readonly attacked: HealthyLoadResult;
  readonly mebibytes: { readonly before: number; readonly most: number; readonly after: number };
}

const { seed } = new SeededRandom();
const none = { lost: 0, refused: 0 };
const rows: Row[] = [];
let server: ServerProcess;
let load: HealthyLoad;
beforeEach(async () => {
  server = await ServerProcess.start(kind, placeOf("server"));
  load = await HealthyLoad.start(server, placeOf("healthy"));
}, 60_000);
afterEach(async () => {
  await load.close();
  await server.close();
});
afterAll(() => {
  if (isLong) process.stdout.write(table(rows));
});

test.each(sustainedAttacks.map(({ name }, index) => ({ name, index })))(
  "$name cost healthy subscribers no event",
  { timeout: 60_000 + 10_000 * seconds },
  async ({ name, index }) => {
    const quiet = await load.run(seconds);
    const before = server.residentMebibytes();
    let most = before;
    const sampling = setInterval(() => {
      most = Math.max(most, server.residentMebibytes());
    }, sampleMs);
    const attackers = await Attackers.start(server.port, index, seed, placeOf("attackers"));
    await wait(rampMs);
    const attacked = await load.run(seconds);
    const attackersExit = await attackers.stop();
    clearInterval(sampling);
    await wait(restMs);
    await server.memory();
    rows.push({ attack: name, quiet, attacked, mebibytes: { before, most, after: server.residentMebibytes() } });
    expect({
      attackersExit,
      isRunning: server.isRunning,
      quiet: failuresOf(quiet),
      attacked: failuresOf(attacked),
      seed,
    }).toEqual({
      attackersExit: 0,
      isRunning: true,
      quiet: none,
      attacked: none,
      seed,
    });
  },
);

function failuresOf({ lost, refused }: HealthyLoadResult): typeof none {
  return { lost, refused };
}

function table(all: readonly Row[]): string {
  const lines = all.map(({ attack, quiet, attacked, mebibytes: { before, most, after } }) =>
    [
      attack.padEnd(40),
      ...[
        quiet.p50Ms,
        quiet.p99Ms,
        attacked.p50Ms,
        attacked.p99Ms,
        attacked.p99Ms / quiet.p99Ms,
        attacked.slowestMs,
      ].map((value) => value.toFixed(1).padStart(8)),
      ...[attacked.lost, before, most, after].map((value) => value.toFixed(0).padStart(8)),
    ].join(""),
  );
  const head = ["quiet50", "quiet99", "att.50", "att.99", "ratio", "slowest", "lost", "before", "most", "after"];
  const title = `Milliseconds from publish to delivery (percentiles), and resident MiB. ${seconds} s each, ${isPlaced ? "the server's main thread on a core of its own" : "all on the same cores"}, SEED=${seed}\n`;
  return `\n${title}${"".padEnd(40)}${head.map((one) => one.padStart(8)).join("")}\n${lines.join("\n")}\n`;
}
