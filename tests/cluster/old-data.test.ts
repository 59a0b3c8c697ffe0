import { randomUUID } from "node:crypto";
import type { AppId } from "@sealcast/protocol";
import {
  RedisTopology,
  describeWithRedis,
  startRedis,
  startRedisCluster,
  type RedisProcess,
} from "@sealcast/server-testing/redis";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { bucketOf, Keys, userBucketOf } from "../../packages/server/src/adapters/engine/redis/encoding/keys.ts";
import { EngineNode, room } from "./fixtures/engine-node.ts";

const anyApp = "1001" as AppId;
const patience = { timeout: 20_000, interval: 50 };

describeWithRedis("a master of a Redis Cluster that was away while its replica took over", () => {
  let servers: readonly [RedisProcess, ...RedisProcess[]];
  beforeAll(async () => {
    servers = await startRedisCluster(1);
  }, 60_000);
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
  });

  /** Stops the master of a bucket, and returns how it comes back once its replica has taken over. */
  async function pauseMasterOf(
    bucket: string,
    prefix: string,
  ): Promise<{ replaced(): Promise<void>; resume(): Promise<void> }> {
    const topology = new RedisTopology(servers);
    const master = await topology.ownerOf(new Keys(prefix).dataOf(bucket));
    const replica = await topology.replicaOf(master);
    process.kill(master.pid, "SIGSTOP");
    return {
      replaced: () => vi.waitFor(async () => expect(await topology.masters()).toContain(replica), patience),
      async resume() {
        process.kill(master.pid, "SIGCONT");
        await vi.waitFor(async () => expect(await topology.isWhole()).toBe(true), patience);
      },
    };
  }

  test("[OCC5] announces no departure that its replica does not know", { timeout: 60_000 }, async () => {
    const prefix = randomUUID();
    const [here, there] = [
      await EngineNode.start(servers[0].url, prefix, true, anyApp),
      await EngineNode.start(servers[0].url, prefix, true, anyApp),
    ];
    await here.join("ada");
    const socketId = await there.join("bob");
    await vi.waitFor(() => expect(here.announced).toEqual(["+bob"]));
    const master = await pauseMasterOf(bucketOf(anyApp, room), prefix);
    const left = there.leave(socketId);
    await master.replaced();
    await left;
    await vi.waitFor(() => expect([here.status, there.status]).toEqual(["ready", "ready"]), patience);
    await vi.waitFor(() => expect(here.announced).toEqual(["+bob", "-bob"]), patience);
    await vi.waitFor(() => there.join("bob"), patience);
    await vi.waitFor(() => expect(here.announced).toEqual(["+bob", "-bob", "+bob"]));
    await master.resume();
    // What the master announces comes before this.
    await there.join("cyd");
    await vi.waitFor(() => expect(here.announced).toContain("+cyd"));
    expect(here.announced).toEqual(["+bob", "-bob", "+bob", "+cyd"]);
  });

  test("[DIR1] reports no user as offline who is online according to its replica", { timeout: 60_000 }, async () => {
    const prefix = randomUUID();
    const [here, there] = [
      await EngineNode.start(servers[0].url, prefix, true, anyApp),
      await EngineNode.start(servers[0].url, prefix, true, anyApp),
    ];
    await here.signIn("ada", "1.1");
    await there.signIn("bob", "2.1");
    const seen = ["ada online", "bob online"];
    await vi.waitFor(() => expect(here.users).toEqual(seen));
    const master = await pauseMasterOf(userBucketOf(anyApp), prefix);
    const signedOut = there.signOut("bob", "2.1");
    await master.replaced();
    await signedOut;
    await vi.waitFor(() => expect([here.status, there.status]).toEqual(["ready", "ready"]), patience);
    await vi.waitFor(() => there.signIn("bob", "2.2"), patience);
    seen.push("bob offline", "bob online");
    await vi.waitFor(() => expect(here.users).toEqual(seen), patience);
    await master.resume();
    await there.signIn("cyd", "2.3");
    await vi.waitFor(() => expect(here.users).toContain("cyd online"));
    expect(here.users).toEqual([...seen, "cyd online"]);
  });
});

describeWithRedis("a Redis server that begins with an old snapshot", () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  test("[OCC1] has no connection any more that has left a node since", { timeout: 60_000 }, async () => {
    const prefix = randomUUID();
    const [here, there] = [
      await EngineNode.start(redis.url, prefix, false, anyApp),
      await EngineNode.start(redis.url, prefix, false, anyApp),
    ];
    const socketId = await there.join("bob");
    await redis.command("save");
    await there.leave(socketId);
    expect(await here.engine.channel(anyApp, room)).toMatchObject({ subscriptions: 0 });
    await redis.restartWithSnapshot();
    await vi.waitFor(() => expect(there.reports).toContain("engine.interrupted"), patience);
    await vi.waitFor(() => expect([here.status, there.status]).toEqual(["ready", "ready"]), patience);
    expect(await here.engine.members(anyApp, room)).toEqual([]);
    expect(await here.engine.channel(anyApp, room)).toMatchObject({ subscriptions: 0 });
  });
});

describeWithRedis("masters of a Redis Cluster that begin with other data than those of the leases", () => {
  let masters: readonly [RedisProcess, ...RedisProcess[]];
  let topology: RedisTopology;
  beforeAll(async () => {
    masters = await startRedisCluster();
    topology = new RedisTopology(masters);
  }, 60_000);
  afterAll(async () => {
    await Promise.all(masters.map((master) => master.stop()));
  });

  interface Setup {
    readonly app: AppId;
    readonly here: EngineNode;
    readonly there: EngineNode;
    readonly ofData: RedisProcess;
    readonly ofLeases: RedisProcess;
  }

  /** Two nodes; their leases, and what they hold, are on different masters. */
  async function startNodes(): Promise<Setup> {
    const prefix = randomUUID();
    const keys = new Keys(prefix);
    const ofLeases = await topology.ownerOf(keys.nodes[0] ?? "");
    for (let number = 1; ; number += 1) {
      const app = String(number) as AppId;
      const buckets = [bucketOf(app, room), userBucketOf(app), `${app}/connections`];
      const [ofData, ...others] = await Promise.all(buckets.map((bucket) => topology.ownerOf(keys.dataOf(bucket))));
      if (ofData === undefined || ofData === ofLeases || others.some((other) => other !== ofData)) continue;
      const here = await EngineNode.start(masters[0].url, prefix, true, app);
      const there = await EngineNode.start(masters[0].url, prefix, true, app);
      await here.join("ada");
      await there.join("bob");
      await there.signIn("bob", "2.1");
      expect(await there.engine.admit(app, 1)).toBe(true);
      return { app, here, there, ofData, ofLeases };
    }
  }

  /** Waits until nothing is left of what the second node held. */
  async function expectGone({ app, here: { engine, members } }: Setup): Promise<void> {
    await vi.waitFor(async () => expect(await engine.members(app, room)).toEqual(["ada"]), patience);
    await vi.waitFor(() => expect([...members]).toEqual(["ada"]), patience);
    expect(await engine.channel(app, room)).toMatchObject({ subscriptions: 1, users: 1 });
    await vi.waitFor(async () => {
      const online: string[] = [];
      expect(await engine.online(app, ["bob"], (users) => online.push(...users))).toBe("answered");
      expect(online).toEqual([]);
    }, patience);
    await vi.waitFor(async () => expect(await engine.admit(app, 1)).toBe(true), patience);
  }

  test(
    "[OCC8] [DIR5] [QUOTA2] an old snapshot brings nothing back of a node that has ended since",
    { timeout: 60_000 },
    async () => {
      const setup = await startNodes();
      const { app, here, there, ofData } = setup;
      await ofData.command("save");
      await there.engine.close();
      expect(await here.engine.members(app, room)).toEqual(["ada"]);
      await ofData.restartWithSnapshot();
      await vi.waitFor(() => expect(here.reports).toContain("engine.interrupted"), patience);
      await expectGone(setup);
      await vi.waitFor(() => expect(here.reports).toContain("engine.node_lost"), patience);
      await here.engine.close();
      for (const master of masters) expect(await master.hasKey("*:used-by")).toBe(false);
    },
  );

  test(
    "[OCC8] [DIR5] [QUOTA2] nothing stays of a node that died when the leases were lost",
    { timeout: 60_000 },
    async () => {
      const setup = await startNodes();
      const { here, there, ofLeases } = setup;
      await there.kill();
      await ofLeases.restart();
      await vi.waitFor(() => expect(here.reports).toContain("engine.data_lost"), patience);
      await expectGone(setup);
    },
  );
});
