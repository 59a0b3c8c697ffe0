import { startServer } from "@sealcast/server-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AdminClient, adminToken } from "../apps/admin-client.ts";
import { callApi } from "../fixtures/api-request.ts";
import { startBunServer } from "../fixtures/bun-server.ts";
import { RawClient } from "../fixtures/raw-client.ts";

/** What the admin API answers. */
interface Answer {
  readonly connections: readonly { readonly channels: readonly string[]; readonly unsentBytes: number }[];
}

/** Opens a connection over plain requests that subscribes and does not come back for its events. */
async function openFallback(url: string): Promise<void> {
  const path = `${url}/pusher/app/app-key/999/abcdefgh`;
  await (await fetch(`${path}/xhr?protocol=7`, { method: "POST" })).text();
  const subscribe = JSON.stringify({ event: "pusher:subscribe", data: { channel: "fallback" } });
  await fetch(`${path}/xhr_send`, { method: "POST", body: JSON.stringify([subscribe]) });
}

function event(channel: string): object {
  return { name: "e", channel, data: "x".repeat(10_240) };
}

describe.each([
  { runtime: "Node.js", start: () => startServer({ settings: { adminToken } }) },
  { runtime: "Bun", start: startBunServer },
])("bytes that wait in $runtime", ({ start }) => {
  let server: { readonly port: number; close(): Promise<void> };
  beforeAll(async () => {
    server = await start();
  }, 30_000);
  afterAll(() => server.close());

  async function waitingOf(channel: string): Promise<number | undefined> {
    const admin = new AdminClient(`http://127.0.0.1:${server.port}`);
    const { connections } = await admin.call<Answer>("GET", "/admin/apps/1001/connections");
    return connections.find(({ channels }) => channels.includes(channel))?.unsentBytes;
  }

  test("none for a client that reads, some for one that does not", async () => {
    const [quick, slow] = [await RawClient.connect(server.port), await RawClient.connect(server.port)];
    await quick.subscribe("quick");
    await slow.subscribe("slow");
    await openFallback(`http://127.0.0.1:${server.port}`);
    await callApi(server.port, { path: "/events", body: event("fallback") });
    expect(await waitingOf("fallback")).toBeGreaterThan(10_240);
    slow.socket.pause();
    const batch = Array.from({ length: 10 }, (_, index) => event(index % 2 === 0 ? "quick" : "slow"));
    // The buffers of the operating system on both sides take the first rounds.
    while ((await waitingOf("slow")) === 0) {
      await callApi(server.port, { path: "/batch_events", body: { batch } });
    }
    expect(await waitingOf("slow")).toBeGreaterThan(0);
    await expect.poll(() => waitingOf("quick")).toBe(0);
    slow.drop();
    await quick.close();
  }, 60_000);
});
