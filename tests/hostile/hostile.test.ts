import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HealthyClient } from "../fixtures/healthy-client.ts";
import { ServerProcess } from "../fixtures/server-process.ts";
import { attacks } from "./attacks.ts";

/** What a server under attack may hold for a moment, in bytes: what it holds at rest, and what waits for readers until they count as stalled. */
const peakBytes = 50_000_000;
/** What compiled code and the like may add between two measurements, in bytes. */
const toleratedBytes = 1_000_000;

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start();
});
afterAll(() => server.close());

describe("hostile input", () => {
  const rows = attacks.map(({ name, run }) => [name, run] as const);
  test.each(rows)("%s: no crash, nothing kept, others served within a second", async (_, run) => {
    const healthy = await HealthyClient.start(server.port);
    await run(server.port);
    const before = await server.memory();
    await run(server.port);
    const after = await server.memory();
    const { slowestMs, rounds } = await healthy.stop();
    expect(server.isRunning).toBe(true);
    expect(rounds).toBeGreaterThan(0);
    expect(slowestMs).toBeLessThan(1_000);
    expect(after.peak).toBeLessThan(peakBytes);
    expect(after.heapUsed - before.heapUsed).toBeLessThan(toleratedBytes);
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(toleratedBytes);
  });
});
