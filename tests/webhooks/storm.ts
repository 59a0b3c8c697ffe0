import { expect } from "vitest";
import { RawClient } from "../fixtures/raw-client.ts";
import type { SeededRandom } from "../fixtures/seeded-random.ts";
import type { WebhookReceiver } from "../fixtures/webhook-receiver.ts";

const connections = 40;
/** Half of them have members. */
const channels = Array.from({ length: 60 }, (_, number) => (number % 2 === 0 ? `c${number}` : `presence-c${number}`));
const ofChannels = ["channel_occupied", "channel_vacated"] as const;
const ofMembers = ["member_added", "member_removed"] as const;

/** The events that are reported of a storm. */
export const stormEvents = [...ofChannels, ...ofMembers];
/** Limits that a storm would meet. */
export const stormSettings = { maxMessagesPerSecond: 0, repeatedSubscriptionsPerSecond: 0 };

/** A channel, or a member of a channel. */
interface Subject {
  readonly channel: string;
  readonly user: string | undefined;
  readonly kinds: readonly [string, string];
  /** Whether it is there in the end. */
  readonly isThere: boolean;
}

/** A storm that is over. */
export interface Storm {
  /** How long it took until the servers had answered, in milliseconds. */
  readonly tookMs: number;
  /** Waits until the last report of each channel and of each member is true. */
  reported(): Promise<void>;
  /** Checks that reports of each channel and of each member are strictly in turn, and the last one is true. */
  check(): void;
  end(): void;
}

/** Lets clients of one or more servers join and leave channels at random, as fast as they can. */
export async function storm(
  ports: readonly number[],
  receiver: WebhookReceiver,
  random: SeededRandom,
  changes: number,
): Promise<Storm> {
  const clients = await Promise.all(
    Array.from({ length: connections }, (_, at) => RawClient.connect(ports[at % ports.length] ?? 0)),
  );
  const joined = clients.map(() => new Set<string>());
  const startedMs = performance.now();
  for (let change = 0; change < changes; change += 1) {
    // Each channel has two possible subscribers, on two servers if there are two, so that it is left by the last one again and again.
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
  await Promise.all(clients.map(answered));
  const tookMs = performance.now() - startedMs;

  const subjects = channels.flatMap((channel, number): Subject[] => {
    const members = [number, number + 1].map((at) => at % connections);
    const isThere = (at: number): boolean => joined[at]?.has(channel) === true;
    const subject = { channel, user: undefined, kinds: ofChannels, isThere: members.some(isThere) };
    if (!channel.startsWith("presence-")) return [subject];
    return [subject, ...members.map((at) => ({ channel, user: `user-${at}`, kinds: ofMembers, isThere: isThere(at) }))];
  });
  return {
    tookMs,
    reported: () =>
      receiver.until((events) => {
        const last = new Map(events.map((event) => [nameOf(event.channel, event["user_id"]), event.name]));
        return subjects.every(({ channel, user, kinds, isThere }) => {
          const report = last.get(nameOf(channel, user));
          // Nothing is said of what was never there.
          return report === kinds[isThere ? 0 : 1] || (report === undefined && !isThere);
        });
      }),
    check() {
      for (const { channel, user, kinds, isThere } of subjects) {
        const reports = receiver.events
          .filter((event) => event.channel === channel && event["user_id"] === user)
          .map(({ name }) => name);
        const inTurn = reports.map((_, index) => kinds[index % 2]);
        expect([random.seed, channel, user, reports]).toEqual([random.seed, channel, user, inTurn]);
        expect([random.seed, channel, user, reports.length % 2 === 1]).toEqual([random.seed, channel, user, isThere]);
      }
    },
    end() {
      for (const client of clients) client.drop();
    },
  };
}

/** Waits until the server has answered everything that a client has sent: for as long as a busy machine may need. */
async function answered(client: RawClient): Promise<void> {
  client.send({ event: "pusher:ping", data: {} });
  await client.inbox.next(({ event }) => event === "pusher:pong", 120_000);
}

function nameOf(channel: string, user: unknown): string {
  return JSON.stringify([channel, user]);
}
