import { credentials } from "../fixtures/credentials.ts";
import { describeWithRedis } from "@sealcast/server-testing/redis";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { SeededRandom } from "../fixtures/seeded-random.ts";
import { WebhookReceiver } from "../fixtures/webhook-receiver.ts";
import { repeatedReports } from "./fixtures/alternation.ts";
import { occupancyOn } from "./fixtures/occupancy.ts";
import { channel, faults, keptChannel, Schedule } from "./fixtures/schedule.ts";
import { startServerCluster, type ServerCluster } from "./fixtures/server-cluster.ts";

/** Length of the run, in seconds: short in `npm test`, as long as `SOAK_SECONDS` says in `npm run soak`. */
const seconds = Number(process.env["SOAK_SECONDS"] ?? 40);
const reported = ["channel_occupied", "channel_vacated", "member_added", "member_removed"];
const app = {
  id: credentials.appId,
  key: credentials.key,
  secret: credentials.secret,
  history: [{ prefix: keptChannel, size: 1_000, ttlSeconds: 3_600 }],
};

describeWithRedis("three servers and a real Redis", () => {
  let cluster: ServerCluster;
  let receiver: WebhookReceiver;
  let folder = "";
  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    folder = mkdtempSync(join(tmpdir(), "sealcast-schedule-"));
    const config = join(folder, "config.json");
    writeFileSync(
      config,
      JSON.stringify({
        apps: [{ ...app, webhooks: [{ url: receiver.url(), events: reported }] }],
        allowPrivateWebhookTargets: true,
      }),
    );
    cluster = await startServerCluster(3, ["--config", config]);
  }, 120_000);
  afterAll(async () => {
    await cluster.close();
    await receiver.close();
    rmSync(folder, { recursive: true });
  });

  test(
    "[OCC1] [OCC8] after random joins, leaves, publishes and faults, counts, members and events agree with a plain model",
    { timeout: (seconds + 120) * 1_000 },
    async () => {
      const random = new SeededRandom();
      console.log(`cluster schedule: SEED=${random.seed}`);
      const schedule = new Schedule(cluster, random);
      onTestFinished(() => schedule.end());
      const end = Date.now() + seconds * 1_000;
      let round = 0;
      let firstReport = 0;
      while (Date.now() < end) {
        round += 1;
        const fault = random.pick(faults);
        const where = `SEED=${random.seed}, round ${round}: ${fault.name}`;
        if (process.env["SOAK_VERBOSE"] !== undefined) console.log(where);
        const server = random.pick(cluster.servers);
        const gaps = gapsOf(schedule);
        await schedule.round(fault, server);
        await schedule.settle();
        await expectAgreement(schedule, where);
        expect({ where, lost: schedule.lost(fault, server) }).toEqual({ where, lost: [] });
        await expectRecovered(schedule, where);
        // With its data, Redis loses what webhooks have reported.
        if (fault.losesData === true) firstReport = receiver.received.length;
        const repeated = repeatedReports(receiver.received.slice(firstReport));
        expect({ where, repeated }).toEqual({ where, repeated: [] });
        const unexpectedGaps =
          fault.losesData === true ? [] : gapsOf(schedule).filter((count, index) => count > (gaps[index] ?? 0));
        expect({ where, unexpectedGaps }).toEqual({ where, unexpectedGaps: [] });
      }
      expect(round).toBeGreaterThan(0);
      expect(receiver.received.length).toBeGreaterThan(0);
    },
  );

  async function expectAgreement(schedule: Schedule, where: string): Promise<void> {
    const { clients } = schedule;
    const users = [...new Set(clients.map(({ userId }) => userId))].toSorted();
    // A dead server is given up after its lease. A connection that was dropped while it joined may still be there for a moment.
    for (const server of cluster.servers) {
      await expect
        .poll(() => occupancyOn(server.port, channel), { timeout: 15_000, interval: 100, message: where })
        .toEqual({ occupied: clients.length > 0, user_count: users.length, connection_count: clients.length, users });
    }
    await expect
      .poll(() => clients.map(({ members }) => [...members].toSorted()), { timeout: 5_000, message: where })
      .toEqual(clients.map(() => users));
    const numbers = await schedule.publishSurely(5, channel);
    await expect
      .poll(() => clients.map(({ events }) => events.filter((number) => schedule.accepted.has(number)).slice(-5)), {
        timeout: 5_000,
        message: where,
      })
      .toEqual(clients.map(() => numbers));
    // An event whose publish was not answered may come later than the ones that were published after it.
    for (const { events } of clients) {
      const accepted = events.filter((number) => schedule.accepted.has(number));
      expect({ where, accepted }).toEqual({ where, accepted: accepted.toSorted((a, b) => a - b) });
    }
    const contradictions = clients.flatMap((client) => client.contradictions);
    expect({ where, contradictions }).toEqual({ where, contradictions: [] });
  }
});

/** How often each client that recovers was notified that events may be missing. */
function gapsOf({ followers }: Schedule): number[] {
  return followers.map(({ log }) => log.filter((entry) => entry === "gap").length);
}

/** Clients that recover have every accepted event once, in order, except after a notice that some may be missing. */
async function expectRecovered(schedule: Schedule, where: string): Promise<void> {
  const numbers = await schedule.publishSurely(2, keptChannel);
  const { followers, kept } = schedule;
  await expect
    .poll(() => followers.map(({ log }) => log.filter((entry) => entry !== "gap" && kept.includes(entry)).slice(-2)), {
      timeout: 5_000,
      message: where,
    })
    .toEqual(followers.map(() => numbers));
  for (const { log } of followers) {
    let first = 0;
    for (const run of runsOf(log)) {
      const accepted = run.filter((number) => kept.includes(number));
      const [start = 0, end = 0] = [accepted[0], accepted.at(-1)];
      expect({ where, isLater: accepted.length === 0 || start > first }).toEqual({ where, isLater: true });
      expect({ where, accepted }).toEqual({
        where,
        accepted: kept.filter((number) => number >= start && number <= end),
      });
      expect({ where, repeated: run.filter((number, index) => run.indexOf(number) !== index) }).toEqual({
        where,
        repeated: [],
      });
      first = Math.max(first, end);
    }
  }
}

/** The parts of what a client has received between two gaps. */
function runsOf(log: readonly (number | "gap")[]): number[][] {
  const runs: number[][] = [[]];
  for (const entry of log) {
    if (entry === "gap") runs.push([]);
    else runs.at(-1)?.push(entry);
  }
  return runs;
}
