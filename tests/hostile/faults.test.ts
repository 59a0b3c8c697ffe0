import { channelAuth, startServer, testApp, type TestServer } from "@sealcast/server-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { publish } from "../fixtures/api-request.ts";
import { RawClient } from "../fixtures/raw-client.ts";

let server: TestServer;
/** Two connections of one app that talk to each other all the time. */
let healthy: readonly [RawClient, RawClient];
beforeAll(async () => {
  server = await startServer({ apps: [testApp({ subscriptionCount: false, clientEventsPerSecond: 1_000 })] });
  healthy = [await RawClient.connect(server.port), await RawClient.connect(server.port)];
  for (const client of healthy) {
    await client.subscribe("private-healthy");
    await client.subscribe("private-encrypted-a");
  }
});
afterAll(() => server.close());

async function answerToMessage(message: string | Buffer): Promise<unknown> {
  const client = await RawClient.connect(server.port);
  client.socket.send(message, { binary: typeof message !== "string" });
  const answer = await Promise.race([client.error(), client.closed]);
  if (!("message" in answer)) return { close: answer.code };
  await client.settled();
  await client.close();
  return { error: answer.message };
}

async function answerToOpening(path: string): Promise<unknown> {
  return { close: (await new RawClient(server.port, { path }).closed).code };
}

const like = (pattern: RegExp): unknown => expect.stringMatching(pattern);
const subscribe = (auth: string): string =>
  JSON.stringify({ event: "pusher:subscribe", data: { channel: "private-a", auth } });

describe("each fault is answered, and a healthy client beside it is not disturbed", () => {
  test.each<readonly [string, () => Promise<unknown>, object]>([
    [
      "[SUB3] a bad signature",
      () => answerToMessage(subscribe(channelAuth("1.1", "private-a"))),
      {
        error: like(/^Invalid signature: Expected HMAC SHA256 hex digest of \d+\.\d+:private-a, but got [0-9a-f]{64}$/),
      },
    ],
    [
      "[SUB4] an unknown key in a subscription",
      () => answerToMessage(subscribe("nobody:00")),
      { error: like(/^Invalid key in subscription auth data: 'nobody'$/) },
    ],
    ["[CONN6] an unknown key in the address", () => answerToOpening("/app/nobody?protocol=7"), { close: 4001 }],
    ["[CONN2] a wrong protocol", () => answerToOpening("/app/app-key?protocol=3"), { close: 4007 }],
    [
      "[FRAME2] malformed JSON",
      () => answerToMessage('{"event":'),
      { error: like(/^Malformed message: expected JSON$/) },
    ],
    ["[FRAME5] a binary frame", () => answerToMessage(Buffer.from("{}")), { close: 1003 }],
    ["[FRAME6] an oversized frame", () => answerToMessage("x".repeat(300_000)), { close: 1009 }],
  ])("%s", async (_, commit, wanted) => {
    const answer = commit();
    healthy[0].send({ event: "client-alive", channel: "private-healthy", data: "meanwhile" });
    expect((await healthy[1].next("client-alive")).data).toBe("meanwhile");
    expect(await answer).toEqual(wanted);
    await publish(server.port, "private-healthy", "e", "afterwards");
    for (const client of healthy) {
      expect((await client.next("e")).data).toBe("afterwards");
      expect(await client.settled()).toEqual([]);
    }
  });
});
