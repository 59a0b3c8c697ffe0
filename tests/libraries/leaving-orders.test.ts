import { afterAll, expect, test } from "vitest";
import { startServerWithBackend } from "../fixtures/server-with-backend.ts";
import { OurPusherJs } from "../fixtures/our-pusher-js.ts";
import { PusherJs, type PusherClass } from "../fixtures/pusher-js.ts";
import { SeededRandom } from "../fixtures/seeded-random.ts";
import { startTcpProxy } from "../fixtures/tcp-proxy.ts";
import { Recorder } from "./rows/recorder.ts";

const { server, backend } = await startServerWithBackend();
const proxy = await startTcpProxy(server.port);
afterAll(() => proxy.close());

const acts = ["subscribe", "subscribe", "unsubscribe", "settle", "settle", "publish", "reconnect"] as const;
type Act = (typeof acts)[number];

/** Plays one order with one library. Returns what its listeners received, and the channels at the end. */
async function play(library: PusherClass, name: string, order: readonly Act[]): Promise<unknown> {
  const recorder = new Recorder(library, { backend, proxy });
  try {
    const client = recorder.client("ada");
    await recorder.connected(client);
    const received: string[] = [];
    const seen = new Set<unknown>();
    let published = 0;
    for (const act of order) {
      if (act === "subscribe") {
        const subscribed = client.subscribe(name);
        const isNew = !seen.has(subscribed);
        seen.add(subscribed);
        const object = seen.size;
        if (isNew) subscribed.bind_global((event: string) => received.push(`${object} ${event}`));
      } else if (act === "unsubscribe") client.unsubscribe(name);
      else if (act === "settle") await recorder.settled(client);
      else if (act === "publish") {
        // Before the server has answered, pusher-js passes events of the earlier subscription to the new object; ours does not.
        await recorder.settled(client);
        await backend.pusher.trigger(name, `e${(published += 1)}`, 1);
        await recorder.settled(client);
      } else {
        // Both libraries send everything that is under way first: see the rows about a connection that breaks.
        await recorder.settled(client);
        client.disconnect();
        client.connect();
        await recorder.connected(client);
      }
    }
    await recorder.settled(client);
    await recorder.settled(client);
    const end = client.channel(name) as { readonly subscribed?: boolean } | undefined;
    return { received: received.filter((event) => !event.includes("subscription_count")), subscribed: end?.subscribed };
  } finally {
    recorder.close();
  }
}

/** Plays one order with both libraries. Returns what each did, by library. */
async function playBoth(number: number, order: readonly Act[]): Promise<{ official: unknown; ours: unknown }> {
  const official = await play(PusherJs, `official-${number}`, order);
  const ours = await play(OurPusherJs, `ours-${number}`, order);
  return { official: { order, did: official }, ours: { order, did: ours } };
}

const orders = Number(process.env["SEALCAST_RUNS"] ?? 40);
/** Orders that are played at the same time, each on its own channel. */
const together = 20;
const random = new SeededRandom();
test(`pusher-js and our drop-in agree in ${orders} random orders (seed ${random.seed}) of subscribe, leave and reconnect`, async () => {
  for (let first = 0; first < orders; first += together) {
    const numbers = Array.from({ length: Math.min(together, orders - first) }, (_, index) => first + index);
    const results = await Promise.all(
      numbers.map((number) =>
        playBoth(
          number,
          Array.from({ length: 8 }, () => random.pick(acts)),
        ),
      ),
    );
    for (const { official, ours } of results) expect(ours).toEqual(official);
  }
}, 3_600_000);
