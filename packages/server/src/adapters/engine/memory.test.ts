import type { AppId, ChannelName } from "@sealcast/protocol";
import { expect, test } from "vitest";
import { DelayedEngine, FakeClock, FakeRandom, ignoredEvents, MemoryCluster } from "@sealcast/server-testing";
import { engineContract, faultContract } from "@sealcast/server-testing/contracts";
import type { Publication } from "../../ports/broker.ts";
import { MemoryEngine } from "./memory.ts";

engineContract("the memory engine", () =>
  Promise.resolve({ nodes: [new MemoryEngine(new FakeClock(), new FakeRandom())], close: () => Promise.resolve() }),
);

// The suite itself, tried on engines that have several nodes, that answer later, and that fail.
engineContract("a cluster of memory engines", async () => {
  const cluster = new MemoryCluster(new FakeClock(), new FakeRandom(), 3);
  return Promise.resolve({ nodes: cluster.nodes, close: async () => Promise.resolve(cluster.close()) });
});

engineContract("a memory engine that answers later, several answers in one turn", async () => {
  const engine = new DelayedEngine(new MemoryEngine(new FakeClock(), new FakeRandom()));
  const state = { running: true };
  const run = async (): Promise<void> => {
    while (state.running) {
      while (engine.act());
      await engine.replyInOneTurn();
    }
  };
  void run();
  return Promise.resolve({
    nodes: [engine],
    close() {
      state.running = false;
      return Promise.resolve();
    },
  });
});

faultContract("a cluster of memory engines", async () => {
  const cluster = new MemoryCluster(new FakeClock(), new FakeRandom(), 3);
  const nodeOf = (engine: unknown): MemoryCluster["nodes"][0] =>
    cluster.nodes.find((node) => node === engine) ?? cluster.nodes[0];
  return Promise.resolve({
    nodes: cluster.nodes,
    kill: async (engine) => Promise.resolve(cluster.kill(nodeOf(engine))),
    loseNextAnswer: (engine) => nodeOf(engine).loseNextAnswer(),
    close: async () => Promise.resolve(cluster.close()),
  });
});

const app = "1001" as AppId;
const latest = { after: undefined, limit: 1 } as const;

function kept(channel: string, message: string, ttlSeconds: number): Publication {
  return { channel: channel as ChannelName, message, except: undefined, keep: { count: 1, ttlSeconds } };
}

test("[CACHE4] expired events leave no trace, and no timer outlives the engine", () => {
  const clock = new FakeClock();
  const engine = new MemoryEngine(clock, new FakeRandom());
  engine.start(ignoredEvents);
  const channel = "cache-a" as ChannelName;
  void engine.publish(app, [kept(channel, "m", 5)]);
  clock.advance(4_999);
  // The calendar does not matter.
  clock.set(0);
  expect(engine.history(app, channel, latest).events).toMatchObject([{ message: "m", expiresInMs: 1 }]);
  clock.advance(1);
  expect(engine.history(app, channel, latest)).toMatchObject({ events: [], last: { offset: 1 } });
  clock.advance(3_600_000);
  expect(engine.history(app, channel, latest)).toEqual({ events: [], last: undefined, gap: false });
  void engine.publish(app, [kept(channel, "n", 5)]);
  clock.advance(60_000);
  engine.close();
  expect(clock.timers).toBe(0);
});
