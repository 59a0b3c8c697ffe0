import { startServer, type TestServer } from "@sealcast/server-testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callApi } from "../../fixtures/api-request.ts";
import { RawClient } from "../../fixtures/raw-client.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ settings: { maxOutboxBytes: 262_144, stalledSeconds: 1 } });
});
afterAll(() => server.close());

test("[CLOSE4] who does not read is closed with 4101, and the others get everything", async () => {
  const [slow, quick] = [await RawClient.connect(server.port), await RawClient.connect(server.port)];
  for (const client of [slow, quick]) await client.subscribe("busy");
  slow.socket.pause();
  // More than the buffers of the operating system hold on both sides.
  const rounds = 150;
  const event = { name: "e", channel: "busy", data: "x".repeat(10_240) };
  const batch = Array.from({ length: 10 }, () => event);
  for (let round = 0; round < rounds; round += 1)
    await callApi(server.port, { path: "/batch_events", body: { batch } });
  const received = await quick.settled();
  expect(received.filter((frame) => frame.event === "e")).toHaveLength(rounds * 10);
  const subscribers = async (): Promise<unknown> => {
    const query = [["info", "subscription_count"]] as const;
    const { body } = await callApi(server.port, { method: "GET", path: "/channels/busy", query });
    return JSON.parse(body) as unknown;
  };
  await expect.poll(subscribers, { timeout: 15_000 }).toMatchObject({ subscription_count: 1 });
  slow.socket.resume();
  expect(await slow.closed).toEqual({ code: 4101, reason: "Connection reads too slowly" });
  expect(slow.inbox.takeAll().length).toBeLessThan(rounds * 10);
  await quick.close();
});
