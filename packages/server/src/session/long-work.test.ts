import {
  FakeRandom,
  ShortTurns,
  startSocketless,
  testApp,
  type FakeClient,
  type SocketlessServer,
} from "@sealcast/server-testing";
import { expect, test } from "vitest";
import { MemoryEngine } from "../adapters/engine/memory.ts";

const many = 20;
const pieces = 3;
const adminToken = "a-token-of-thirty-two-characters";

/** Work on many connections or channels. */
interface Place {
  readonly what: string;
  /** Begins the work; returns how much of it is done. */
  readonly begin: (server: SocketlessServer, turns: ShortTurns) => Promise<() => number>;
}

const places: readonly Place[] = [
  {
    what: "closing the connections of an app that is disabled",
    async begin({ server, connect }) {
      const clients = Array.from({ length: many }, connect);
      server.replaceApps([testApp({ enabled: false })]);
      return () => closed(clients);
    },
  },
  {
    what: "closing the connections of a user",
    async begin({ connect, post }, turns) {
      const clients = Array.from({ length: many }, connect);
      for (const client of clients) client.signIn({ id: "ada" });
      await turns.pass();
      await post("/users/ada/terminate_connections", {});
      return () => closed(clients);
    },
  },
  {
    what: "closing all connections at the end",
    async begin({ server, connect }) {
      const clients = Array.from({ length: many }, connect);
      void server.drain();
      return () => closed(clients);
    },
  },
  {
    what: "checking all connections for silence",
    async begin({ clock, connect }, turns) {
      const clients = Array.from({ length: many }, connect);
      // Checks that nobody waits for take their turns, too.
      for (let second = 0; second < 119; second += 1) {
        clock.advance(1_000);
        for (let turn = 0; turn < many; turn += 1) await turns.pass();
      }
      clock.advance(1_000);
      return () => clients.filter(({ link }) => link.texts.some((text) => text.includes("pusher:ping"))).length;
    },
  },
  {
    what: "ending the subscriptions of a connection",
    async begin({ connect }) {
      const [leaving, staying] = [connect(), connect()];
      for (const client of [leaving, staying]) for (const channel of channels) client.join(channel, client.socketId);
      staying.take();
      leaving.drop();
      return () => staying.link.texts.filter((text) => text.includes("member_removed")).length;
    },
  },
  {
    what: "publishing to many channels",
    async begin({ connect, post }) {
      const client = connect();
      for (const channel of channels) client.join(channel, "ada");
      void post("/events", { name: "e", channels, data: "" });
      await new Promise(setImmediate);
      return () => client.link.texts.filter((text) => text.includes('"event":"e"')).length;
    },
  },
];

const channels = Array.from({ length: many }, (_, index) => `presence-${index}`);

function closed(clients: readonly FakeClient[]): number {
  return clients.filter(({ closeCode }) => closeCode !== undefined).length;
}

test.each(places)("$what takes as many turns as it needs", async ({ begin }) => {
  const turns = new ShortTurns(pieces);
  const server = await startSocketless({
    engine: (clock) => new MemoryEngine(clock, new FakeRandom(), turns),
    settings: { repeatedSubscriptionsPerSecond: 0 },
    ports: { turns },
  });
  await turns.pass();
  const done = await begin(server, turns);
  const first = done();
  expect(first).toBeGreaterThan(0);
  expect(first).toBeLessThanOrEqual(pieces);
  for (let turn = 0; turn < many; turn += 1) await turns.pass();
  expect(done()).toBe(many);
});

test("listing the connections of an app takes as many turns as it needs", async () => {
  const turns = new ShortTurns(pieces);
  const { connect, transport } = await startSocketless({ ports: { turns, adminToken } });
  for (let index = 0; index < many; index += 1) connect();
  await turns.pass();
  const headers = { authorization: `Bearer ${adminToken}` };
  let answer: string | undefined;
  void transport.request({ path: "/admin/apps/1001/connections", headers }).then(({ body }) => (answer = body));
  for (let turn = 0; turn < many / pieces - 1; turn += 1) {
    expect(answer).toBeUndefined();
    await turns.pass();
  }
  for (let turn = 0; turn < many; turn += 1) await turns.pass();
  expect(JSON.parse(answer ?? "{}")).toMatchObject({ total: many });
});
