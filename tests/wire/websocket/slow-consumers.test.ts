import { startServer, type TestServer } from "@sealcast/server-testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callApi } from "../../fixtures/api-request.ts";
import { RawClient } from "../../fixtures/raw-client.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ settings: { maxOutboxBytes: 262_144, stalledSeconds: 1 } });
});
afterAll(() => server.close());

async function subscribers(): Promise<unknown> {
  const query = [["info", "subscription_count"]] as const;
  const { body } = await callApi(server.port, { method: "GET", path: "/channels/busy", query });
  return (JSON.parse(body) as { readonly subscription_count?: number }).subscription_count;
}

test("[CLOSE4] who does not read is closed with 4101, and the others get everything", async () => {
  const [slow, quick] = [await RawClient.connect(server.port), await RawClient.connect(server.port)];
  for (const client of [slow, quick]) await client.subscribe("busy");
  slow.socket.pause();
  const event = { name: "e", channel: "busy", data: "x".repeat(10_240) };
  const batch = Array.from({ length: 10 }, () => event);
  let published = 0;
  // The buffers of the operating system on both sides take the first rounds.
  while ((await subscribers()) === 2) {
    await callApi(server.port, { path: "/batch_events", body: { batch } });
    published += batch.length;
  }
  slow.socket.resume();
  expect(await slow.closed).toEqual({ code: 4101, reason: "Connection reads too slowly" });
  expect(slow.inbox.takeAll().length).toBeLessThan(published);
  const received = await quick.settled();
  expect(received.filter((frame) => frame.event === "e")).toHaveLength(published);
  await quick.close();
});
