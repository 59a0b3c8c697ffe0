import type { ServerResponse } from "node:http";
import type { TestServer } from "@sealcast/server-testing";
import { afterEach, describe, expect, test } from "vitest";
import { RawClient } from "../fixtures/raw-client.ts";
import { WebhookReceiver, type Answer } from "../fixtures/webhook-receiver.ts";
import { startWebhookServer, webhook } from "./webhook-server.ts";

const receivers: WebhookReceiver[] = [];
const clients: RawClient[] = [];
let server: TestServer | undefined;

afterEach(async () => {
  for (const client of clients.splice(0)) client.drop();
  await server?.close();
  for (const receiver of receivers.splice(0)) await receiver.close();
});

/** A client of a server that tells a receiver with these answers, and another receiver that is well. */
async function start(answer: Answer): Promise<{ client: RawClient; bad: WebhookReceiver; good: WebhookReceiver }> {
  const [bad, good] = [await WebhookReceiver.start(answer), await WebhookReceiver.start()];
  receivers.push(bad, good);
  const events = ["client_event" as const];
  server = await startWebhookServer(
    bad,
    { events },
    {
      webhooks: [webhook(bad.url(), { events }), webhook(good.url(), { events })],
      clientEventsPerSecond: 10_000,
    },
  );
  const client = await RawClient.connect(server.port);
  clients.push(client);
  await client.subscribe("private-a");
  return { client, bad, good };
}

/** Behaves badly at the first request, and well afterwards. */
function onceBadly(behave: (response: ServerResponse) => number | undefined): Answer {
  let requests = 0;
  return (_, response) => ((requests += 1) === 1 ? behave(response) : 200);
}

const behaviors: [title: string, behave: (response: ServerResponse) => number | undefined][] = [
  ["fails", () => 500],
  ["refuses", () => 410],
  [
    "redirects",
    (response) => {
      response.writeHead(302, { location: "/elsewhere" }).end();
      return undefined;
    },
  ],
  [
    "resets the connection",
    (response) => {
      response.socket?.resetAndDestroy();
      return undefined;
    },
  ],
  [
    "does not speak HTTP",
    (response) => {
      response.socket?.end("nonsense\r\n\r\n");
      return undefined;
    },
  ],
  ["stalls", () => undefined],
];

describe("a receiver that behaves badly", () => {
  test.each(behaviors)(
    "[HOOK3] and %s gets the same request again, before later ones of its channel, and holds up nobody else",
    async (_, behave) => {
      const { client, bad, good } = await start(onceBadly(behave));
      for (const event of ["client-1", "client-2"]) client.send({ event, channel: "private-a", data: "x" });
      await good.next((event) => event["event"] === "client-2");
      expect(bad.received.length).toBeLessThanOrEqual(1);
      await bad.next((event) => event["event"] === "client-2");
      expect(bad.events.map((event) => event["event"])).toEqual(["client-1", "client-1", "client-2"]);
      const [first, second] = bad.received;
      expect([second?.id, second?.rawBody, second?.path]).toEqual([first?.id, first?.rawBody, "/webhook"]);
      expect(second?.headers["x-pusher-signature"]).toBe(first?.headers["x-pusher-signature"]);
    },
  );

  test("and answers with a flood is taken at its status", async () => {
    const { client, bad } = await start((_, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on("drain", more);
      more();
      return undefined;
    });
    for (const event of ["client-1", "client-2"]) client.send({ event, channel: "private-a", data: "x" });
    await bad.next((event) => event["event"] === "client-2");
    expect(bad.received).toHaveLength(2);
  });
});

describe("a storm of joins and leaves", () => {
  test("[HOOK4] arrives strictly in turn, and ends as the channels do", async () => {
    const receiver = await WebhookReceiver.start();
    receivers.push(receiver);
    const kinds = ["channel_occupied", "channel_vacated", "member_added", "member_removed"] as const;
    server = await startWebhookServer(receiver, { events: [...kinds], batch: true }, {}, { maxMessagesPerSecond: 0 });
    const storm = await Promise.all(Array.from({ length: 5 }, () => RawClient.connect(server?.port ?? 0)));
    clients.push(...storm);
    const channels = Array.from({ length: 20 }, (_, index) => `presence-${index}`);
    // Each client joins and leaves each channel ten times; in the end, the first client is on the even channels.
    for (let round = 0; round < 10; round += 1) {
      for (const [index, client] of storm.entries()) {
        for (const channel of channels) {
          client.sendSubscribe(channel, JSON.stringify({ user_id: `user-${index}` }));
          client.unsubscribe(channel);
        }
      }
      await Promise.all(storm.map((client) => client.settled()));
    }
    const [first] = storm;
    const stays = channels.filter((_, index) => index % 2 === 0);
    for (const channel of stays) first?.sendSubscribe(channel, JSON.stringify({ user_id: "user-0" }));
    await Promise.all(storm.map((client) => client.settled()));
    await receiver.until((events) => {
      const last = new Map(events.map((event) => [`${event.channel} ${String(event["user_id"])}`, event.name]));
      const departed = [...last].filter(([, name]) => name === "channel_vacated" || name === "member_removed");
      // All but the even channels, and the first client on them.
      return departed.length === channels.length * 6 - stays.length * 2;
    });

    const states = new Map<string, string[]>();
    for (const { name, channel, user_id: user } of receiver.events) {
      const subject = `${channel} ${String(user)}`;
      states.set(subject, [...(states.get(subject) ?? []), name]);
    }
    for (const [subject, names] of states) {
      const arrival = subject.endsWith("undefined") ? "channel_occupied" : "member_added";
      const departure = arrival === "channel_occupied" ? "channel_vacated" : "member_removed";
      expect([subject, names]).toEqual([subject, names.map((_, index) => (index % 2 === 0 ? arrival : departure))]);
      const isThere = stays.some((channel) => subject === `${channel} undefined` || subject === `${channel} user-0`);
      expect([subject, names.at(-1)]).toEqual([subject, isThere ? arrival : departure]);
    }
    expect(states.size).toBe(20 + 20 * 5);
  }, 60_000);
});
