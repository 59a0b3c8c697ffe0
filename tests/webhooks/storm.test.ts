import { expect, test } from "vitest";
import { RawClient } from "../fixtures/raw-client.ts";
import { SeededRandom } from "../fixtures/seeded-random.ts";
import { WebhookReceiver } from "../fixtures/webhook-receiver.ts";
import { startWebhookServer } from "./webhook-server.ts";

const [connections, changes] = [40, 10_000];
/** Half of them have members. */
const channels = Array.from({ length: 60 }, (_, number) => (number % 2 === 0 ? `c${number}` : `presence-c${number}`));
const ofChannels = ["channel_occupied", "channel_vacated"] as const;
const ofMembers = ["member_added", "member_removed"] as const;

test("[HOOK4] 10,000 joins and leaves over sockets are reported strictly in turn, and the last report is true", async () => {
  const receiver = await WebhookReceiver.start();
  const server = await startWebhookServer(
    receiver,
    { events: [...ofChannels, ...ofMembers], batch: true },
    {},
    { maxMessagesPerSecond: 0, repeatedSubscriptionsPerSecond: 0 },
  );
  const random = new SeededRandom();
  const clients = await Promise.all(Array.from({ length: connections }, () => RawClient.connect(server.port)));
  const joined = clients.map(() => new Set<string>());
  for (let change = 0; change < changes; change += 1) {
    // Each channel has two possible subscribers, so that it is left by the last one again and again.
    const number = random.below(channels.length);
    const at = (number + random.below(2)) % connections;
    const channel = channels[number] ?? "";
    const [client, own] = [clients[at], joined[at]];
    if (own?.delete(channel) === true) client?.unsubscribe(channel);
    else {
      own?.add(channel);
      client?.sendSubscribe(channel, channel.startsWith("presence-") ? `{"user_id":"user-${at}"}` : undefined);
    }
  }
  // In the end, a third of the channels is left by everybody.
  for (const [at, own] of joined.entries()) {
    for (const channel of own) {
      if (channels.indexOf(channel) % 3 === 0 && own.delete(channel)) clients[at]?.unsubscribe(channel);
    }
  }
  await Promise.all(clients.map((client) => client.settled()));

  /** What is reported about each channel, and about each member of a channel; and whether it is there in the end. */
  const subjects = channels.flatMap((channel, number) => {
    const members = [number, number + 1].map((at) => at % connections);
    const isThere = (at: number): boolean => joined[at]?.has(channel) === true;
    const subject = { channel, user: undefined, kinds: ofChannels, isThere: members.some(isThere) };
    if (!channel.startsWith("presence-")) return [subject];
    return [subject, ...members.map((at) => ({ channel, user: `user-${at}`, kinds: ofMembers, isThere: isThere(at) }))];
  });
  const reportsOf = ({ channel, user }: { channel: string; user: string | undefined }): readonly string[] =>
    receiver.events.filter((event) => event.channel === channel && event["user_id"] === user).map(({ name }) => name);
  await receiver.until(() =>
    subjects.every((subject) => reportsOf(subject).at(-1) === subject.kinds[subject.isThere ? 0 : 1]),
  );
  // What a fault would send too much is on its way before the server has ended.
  await server.server.drain();
  for (const subject of subjects) {
    const [{ channel, user, kinds }, reports] = [subject, reportsOf(subject)];
    expect([random.seed, channel, user, reports]).toEqual([
      random.seed,
      channel,
      user,
      reports.map((_, index) => kinds[index % 2]),
    ]);
  }
  for (const client of clients) client.drop();
  await server.close();
  await receiver.close();
}, 120_000);
