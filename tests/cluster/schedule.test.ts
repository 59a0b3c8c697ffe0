import { describeWithRedis } from "@sealcast/server-testing/redis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callApi } from "../fixtures/api-request.ts";
import { SeededRandom } from "../fixtures/seeded-random.ts";
import { channel, faults, Schedule } from "./fixtures/schedule.ts";
import { startServerCluster, type ClusterServer, type ServerCluster } from "./fixtures/server-cluster.ts";

/** Length of the run, in seconds: short in `npm test`, as long as `SOAK_SECONDS` says in `npm run soak`. */
const seconds = Number(process.env["SOAK_SECONDS"] ?? 40);

describeWithRedis("three servers and a real Redis", () => {
  let cluster: ServerCluster;
  beforeAll(async () => {
    cluster = await startServerCluster(3);
  }, 120_000);
  afterAll(() => cluster.close());

  test(
    "[OCC1] [OCC8] after random joins, leaves, publishes and faults, counts, members and events agree with a plain model",
    { timeout: (seconds + 120) * 1_000 },
    async () => {
      const random = new SeededRandom();
      console.log(`cluster schedule: SEED=${random.seed}`);
      const schedule = new Schedule(cluster, random);
      const end = Date.now() + seconds * 1_000;
      let round = 0;
      while (Date.now() < end) {
        round += 1;
        const fault = random.pick(faults);
        const where = `SEED=${random.seed}, round ${round}: ${fault.name}`;
        if (process.env["SOAK_VERBOSE"] !== undefined) console.log(where);
        await schedule.round(fault);
        await schedule.settle();
        await expectAgreement(schedule, where);
      }
      expect(round).toBeGreaterThan(0);
    },
  );

  async function expectAgreement(schedule: Schedule, where: string): Promise<void> {
    const { clients } = schedule;
    const users = [...new Set(clients.map(({ userId }) => userId))].toSorted();
    // A dead server is given up after its lease.
    for (const server of cluster.servers) {
      await expect
        .poll(() => occupancyOn(server), { timeout: 15_000, interval: 100, message: where })
        .toEqual({ occupied: clients.length > 0, user_count: users.length, connection_count: clients.length, users });
    }
    await expect
      .poll(() => clients.map(({ members }) => [...members].toSorted()), { timeout: 5_000, message: where })
      .toEqual(clients.map(() => users));
    const numbers = await schedule.publishSurely(5);
    await expect
      .poll(() => clients.map(({ events }) => events.slice(-5)), { timeout: 5_000, message: where })
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

/** What a server answers about the channel. A connection that was dropped while it joined may still be there for a moment. */
async function occupancyOn(server: ClusterServer): Promise<unknown> {
  const counts = (await read(server, `/channels/${channel}/stats`)) as object;
  const list = (await read(server, `/channels/${channel}/users`)) as {
    readonly users: readonly { readonly id: string }[];
  };
  return { ...counts, users: list.users.map(({ id }) => id).toSorted() };
}

async function read(server: ClusterServer, path: string): Promise<unknown> {
  return JSON.parse((await callApi(server.port, { method: "GET", path })).body) as unknown;
}
