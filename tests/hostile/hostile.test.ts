import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HealthyClient } from "../fixtures/healthy-client.ts";
import { ServerProcess, type ServerMemory } from "../fixtures/server-process.ts";
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

/** How much more the server holds than before, on the heap or in buffers, whichever is more. */
async function grownBytes(before: ServerMemory): Promise<number> {
  const { heapUsed, arrayBuffers } = await server.memory();
  return Math.max(heapUsed - before.heapUsed, arrayBuffers - before.arrayBuffers);
}

describe("hostile input", () => {
  const rows = attacks.map(({ name, run }) => [name, run] as const);
  test.each(rows)("%s: no crash, nothing kept, others served within a second", async (_, run) => {
    const healthy = await HealthyClient.start(server.port);
    await run(server.port);
    const before = await server.memory();
    await run(server.port);
    const { peak } = await server.memory();
    const { slowestMs, rounds } = await healthy.stop();
    expect(server.isRunning).toBe(true);
    expect(rounds).toBeGreaterThan(0);
    expect(slowestMs).toBeLessThan(1_000);
    expect(peak).toBeLessThan(peakBytes);
    // Connections that were cut take some time to end on a busy machine; what is kept stays.
    await expect.poll(() => grownBytes(before), { timeout: 10_000, interval: 100 }).toBeLessThan(toleratedBytes);
  });
});
