import { expect, test } from "vitest";
import { RawClient } from "../fixtures/raw-client.ts";
import { SeededRandom } from "../fixtures/seeded-random.ts";
import { WebhookReceiver } from "../fixtures/webhook-receiver.ts";
import { startWebhookServer } from "./webhook-server.ts";

const [connections, channels, changes] = [40, 60, 10_000];
const reported = ["channel_occupied", "channel_vacated"] as const;

test("[HOOK4] 10,000 joins and leaves over sockets are reported strictly in turn, and the last report is true", async () => {
  const receiver = await WebhookReceiver.start();
  const server = await startWebhookServer(
    receiver,
    { events: [...reported], batch: true },
    {},
    { maxMessagesPerSecond: 0, repeatedSubscriptionsPerSecond: 0 },
  );
  const random = new SeededRandom();
  const clients = await Promise.all(Array.from({ length: connections }, () => RawClient.connect(server.port)));
  const joined = clients.map(() => new Set<string>());
  for (let change = 0; change < changes; change += 1) {
    // Each channel has two possible subscribers, so that it is left by the last one again and again.
    const number = random.below(channels);
    const at = (number + random.below(2)) % connections;
    const channel = `c${number}`;
    const [client, own] = [clients[at], joined[at]];
    if (own?.delete(channel) === true) client?.unsubscribe(channel);
    else {
      own?.add(channel);
      client?.sendSubscribe(channel);
    }
  }
  // In the end, a third of the channels is left by everybody.
  for (const [at, own] of joined.entries()) {
    for (const channel of own) {
      if (Number(channel.slice(1)) % 3 === 0 && own.delete(channel)) clients[at]?.unsubscribe(channel);
    }
  }
  await Promise.all(clients.map((client) => client.settled()));
  const isOccupied = (channel: string): boolean => joined.some((own) => own.has(channel));
  const reportsOf = (channel: string): readonly string[] =>
    receiver.events.filter((event) => event.channel === channel).map(({ name }) => name);
  const names = Array.from({ length: channels }, (_, index) => `c${index}`);
  await receiver.until(() =>
    names.every((channel) => reportsOf(channel).at(-1) === reported[isOccupied(channel) ? 0 : 1]),
  );
  // What a fault would send too much is on its way before the server has ended.
  await server.server.drain();
  for (const channel of names) {
    const reports = reportsOf(channel);
    expect([random.seed, channel, reports]).toEqual([
      random.seed,
      channel,
      reports.map((_, index) => reported[index % 2]),
    ]);
  }
  for (const client of clients) client.drop();
  await server.close();
  await receiver.close();
}, 120_000);
