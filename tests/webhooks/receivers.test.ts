import type { ServerResponse } from "node:http";
import { describe, test } from "vitest";
import { RawClient } from "../fixtures/raw-client.ts";
import { WebhookReceiver, type Answer } from "../fixtures/webhook-receiver.ts";
import { startWebhookServer, webhook } from "./webhook-server.ts";

/** Closes what a test has opened. */
type Cleanup = (close: () => Promise<void>) => void;

/** A client of a server that tells a receiver with these answers, and another receiver that is well. */
async function start(
  answer: Answer,
  atEnd: Cleanup,
): Promise<{ client: RawClient; bad: WebhookReceiver; good: WebhookReceiver }> {
  const [bad, good] = [await WebhookReceiver.start(answer), await WebhookReceiver.start()];
  const events = ["client_event" as const];
  const server = await startWebhookServer(
    bad,
    { events },
    {
      webhooks: [webhook(bad.url(), { events }), webhook(good.url(), { events })],
      clientEventsPerSecond: 10_000,
    },
  );
  const client = await RawClient.connect(server.port);
  await client.subscribe("private-a");
  atEnd(async () => {
    client.drop();
    await server.close();
    await Promise.all([bad.close(), good.close()]);
  });
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

// The tests wait for pauses between attempts; they wait at the same time.
describe.concurrent("a receiver that behaves badly", () => {
  test.for(behaviors)(
    "[HOOK3] and %s gets the same request again, before later ones of its channel, and holds up nobody else",
    async ([, behave], { expect, onTestFinished }) => {
      const { client, bad, good } = await start(onceBadly(behave), onTestFinished);
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

  test("and answers with a flood is taken at its status", async ({ expect, onTestFinished }) => {
    const { client, bad } = await start((_, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on("drain", more);
      more();
      return undefined;
    }, onTestFinished);
    for (const event of ["client-1", "client-2"]) client.send({ event, channel: "private-a", data: "x" });
    await bad.next((event) => event["event"] === "client-2");
    expect(bad.received).toHaveLength(2);
  });
});
