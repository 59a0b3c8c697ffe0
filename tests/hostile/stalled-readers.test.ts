import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callApi } from "../fixtures/api-request.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { ServerProcess } from "../fixtures/server-process.ts";

/**
 * Largest heap while the server is attacked, in bytes: what it holds at rest, 16 MiB that wait, and the garbage of publishing
 * without a pause, 12 bodies of 100 KB at a time.
 */
const peakBytes = 80_000_000;
const events = 100;
const rounds = 45;

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start();
});
afterAll(() => server.close());

async function publish(path: string, body: unknown): Promise<number> {
  return (await callApi(server.port, { path, body })).status;
}

/** Publishes 100 events a second; returns the statuses. */
async function publishSteadily(): Promise<number[]> {
  const statuses: number[] = [];
  for (let number = 0; number < events; number += 1) {
    statuses.push(await publish("/events", { name: "e", channel: "healthy", data: `${number}` }));
    await wait(10);
  }
  return statuses;
}

/** Sends each client more than the buffers of the operating system take; returns the statuses. */
async function fill(channels: readonly string[]): Promise<number[]> {
  const statuses: number[] = [];
  const data = "x".repeat(10_240);
  for (let round = 0; round < rounds; round += 1) {
    const batches = channels.map((channel) =>
      publish("/batch_events", { batch: Array.from({ length: 10 }, () => ({ name: "e", channel, data })) }),
    );
    statuses.push(...(await Promise.all(batches)));
  }
  return statuses;
}

/** The channels of the stalled readers whose connections the server still holds. */
async function occupiedByStalled(): Promise<string[]> {
  const { body } = await callApi(server.port, { method: "GET", path: "/channels" });
  const { channels } = JSON.parse(body) as { readonly channels: object };
  return Object.keys(channels).filter((name) => name.startsWith("stalled-"));
}

test(
  "[CLOSE4] readers that stall until the process holds as much as it may cost nobody an event",
  { timeout: 120_000 },
  async () => {
    const subscribers = await Promise.all(Array.from({ length: 100 }, () => RawClient.connect(server.port)));
    for (const client of subscribers) await client.subscribe("healthy");
    const stalled = await Promise.all(Array.from({ length: 12 }, () => RawClient.connect(server.port)));
    const channels = stalled.map((_, index) => `stalled-${index}`);
    for (const [index, client] of stalled.entries()) {
      await client.subscribe(`stalled-${index}`);
      client.socket.pause();
    }
    const before = await server.memory();
    const statuses = await Promise.all([publishSteadily(), fill(channels)]);
    expect(new Set(statuses.flat())).toEqual(new Set([200]));
    const numbers = Array.from({ length: events }, (_, index) => `${index}`);
    for (const client of subscribers) {
      const received = await client.settled();
      expect(received.flatMap(({ event, data }) => (event === "e" ? [data] : []))).toEqual(numbers);
    }
    await expect.poll(occupiedByStalled, { timeout: 60_000, interval: 250 }).toEqual([]);
    for (const client of stalled) client.socket.resume();
    const closed = await Promise.all(stalled.map((client) => client.closed));
    // Those that hold the most are cut if all together hold too much.
    for (const { code } of closed) expect([4101, 1006]).toContain(code);
    for (const client of subscribers) client.drop();
    const after = await server.memory();
    expect(after.peak).toBeLessThan(peakBytes);
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(1_000_000);
  },
);
