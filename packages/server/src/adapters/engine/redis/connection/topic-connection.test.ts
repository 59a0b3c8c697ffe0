// cspell:ignore addslotsrange delslots
import { setTimeout as pause } from "node:timers/promises";
import { describeWithRedis, startRedis } from "@sealcast/server-testing/redis";
import { createClient } from "redis";
import { expect, onTestFinished, test, vi } from "vitest";
import { hashSlotOf } from "./hash-slot.ts";
import { TopicConnection } from "./topic-connection.ts";

/** Keeps Redis from answering others for a moment. */
const busyScript = `local ends = redis.call('TIME')[1] + 2
while tonumber(redis.call('TIME')[1]) < ends do end`;

describeWithRedis("a connection for topics", () => {
  test("takes no message that ends a subscription for the answer to a command", async () => {
    const { operator, connection, received, ended } = await connect();
    await connection.subscribe("{moves}:left");
    await connection.subscribe("{moves}:stays");
    await connection.subscribe("{elsewhere}:first");

    // Redis reads these two at once, and only then what the connection has sent meanwhile.
    const busy = operator.sendCommand(["EVAL", busyScript, "0"]);
    const moved = operator.sendCommand(["CLUSTER", "DELSLOTS", String(hashSlotOf("{moves}"))]);
    await pause(200);
    const left = connection.unsubscribe("{moves}:left");
    const joined = connection.subscribe("{elsewhere}:second");
    await Promise.all([busy, moved, left, joined]);

    await vi.waitFor(() => expect(ended).toEqual(["{moves}:stays"]));
    expect(connection.hasTopic("{elsewhere}:second")).toBe(true);
    await expect(connection.subscribe("{moves}:again")).rejects.toThrow("Hash slot not served");
    await connection.unsubscribe("{elsewhere}:first");
    await operator.sendCommand(["SPUBLISH", "{elsewhere}:first", "unheard"]);
    await operator.sendCommand(["SPUBLISH", "{elsewhere}:second", "heard"]);
    await vi.waitFor(() => expect(received).toEqual([["{elsewhere}:second", "heard"]]));
  });

  test("reports the topics that it loses", async () => {
    const { operator, connection, lost } = await connect();
    await connection.subscribe("{room}:a");
    await connection.subscribe("{room}:b");
    await connection.unsubscribe("{room}:b");
    await operator.sendCommand(["CLIENT", "KILL", "TYPE", "pubsub"]);
    await vi.waitFor(() => expect(lost).toEqual([["{room}:a"]]));
    await expect(connection.subscribe("{room}:c")).rejects.toThrow("has ended");
  });
});

interface Connected {
  readonly operator: { sendCommand(command: string[]): Promise<unknown> };
  readonly connection: TopicConnection;
  readonly received: (readonly [topic: string, payload: string])[];
  readonly ended: string[];
  readonly lost: (readonly string[])[];
}

/** Connects to a Redis Cluster of one server. */
async function connect(): Promise<Connected> {
  const redis = await startRedis(["--cluster-enabled", "yes"]);
  onTestFinished(() => redis.stop());
  const operator = createClient({ url: redis.url });
  await operator.connect();
  onTestFinished(() => operator.destroy());
  await operator.sendCommand(["CLUSTER", "ADDSLOTSRANGE", "0", "16383"]);
  await vi.waitFor(async () => expect(await operator.sendCommand(["CLUSTER", "INFO"])).toContain("cluster_state:ok"), {
    timeout: 10_000,
  });
  const [received, ended, lost]: [Connected["received"], string[], Connected["lost"]] = [[], [], []];
  const client = createClient({ url: redis.url, RESP: 3, socket: { reconnectStrategy: false } });
  const connection = new TopicConnection(client, {
    message: (topic, payload) => received.push([topic, payload]),
    ended: (topic) => ended.push(topic),
    lost: (topics) => lost.push(topics),
  });
  onTestFinished(() => connection.close());
  return { operator, connection, received, ended, lost };
}
