import { randomUUID } from "node:crypto";
import { ignoredEvents } from "@sealcast/server-testing";
import { describeWithRedis, startRedis, type RedisProcess } from "@sealcast/server-testing/redis";
import type { AppId, ChannelName, SocketId } from "@sealcast/protocol";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { systemClock } from "../../../clock/system.ts";
import { Deferred } from "../deferred.ts";
import { NodeRedisConnection } from "../connection/node-redis-connection.ts";
import type { ConnectionEvents } from "../connection/redis-connection.ts";
import { RedisEngine } from "../redis-engine.ts";

const app = "app" as AppId;
const channel = "news" as ChannelName;

/** A connection that can be interrupted while it subscribes to a channel. */
class InterruptedConnection extends NodeRedisConnection {
  events: ConnectionEvents | undefined;
  /** If it is set, the next subscription to a channel waits for it. */
  answer: Deferred<void> | undefined;
  /** Whether a subscription waits. */
  isWaiting = false;

  override open(events: ConnectionEvents): Promise<void> {
    this.events = events;
    return super.open(events);
  }

  override async subscribe(topic: string, sharded: boolean, listener: (payload: string) => void): Promise<void> {
    if (sharded && this.answer !== undefined) {
      this.isWaiting = true;
      await this.answer.promise;
    }
    return super.subscribe(topic, sharded, listener);
  }
}

describeWithRedis("a channel whose messages could not be subscribed to", () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  test("[ENG2] does not keep the node from being ready again, and is used as if it was new", async () => {
    const connection = new InterruptedConnection({ url: redis.url, cluster: false, sentinelPrimary: undefined });
    const settings = { prefix: randomUUID(), leaseMs: 600, randomText: randomUUID, report: () => undefined };
    const engine = new RedisEngine(connection, systemClock, settings);
    const statuses: string[] = [];
    await engine.start({
      ...ignoredEvents,
      statusChanged: (status) => void statuses.push(status),
    });
    onTestFinished(() => engine.close());
    const join = (socket: string): Promise<unknown> =>
      engine.join({ app, channel, socketId: socket as SocketId, presence: undefined, history: undefined }, () => true);

    const answer = new Deferred<void>();
    connection.answer = answer;
    const joined = join("1.1");
    await vi.waitFor(() => expect(connection.isWaiting).toBe(true));
    connection.answer = undefined;
    connection.events?.down("The network is interrupted");
    connection.events?.up();
    answer.reject(new Error("No answer"));
    expect(await joined).toBe("unavailable");
    await vi.waitFor(async () => expect(await join("1.2")).toBe("entered"), { timeout: 8_000 });
    expect(statuses.at(-1)).toBe("ready");
  });
});
