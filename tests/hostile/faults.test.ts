import { startServer, testApp, type TestServer } from "@sealcast/server-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callApi, publish, type ApiRequest } from "../fixtures/api-request.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { channelAuth } from "../fixtures/sign.ts";

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

async function answerToRequest(request: ApiRequest): Promise<unknown> {
  const { status, body } = await callApi(server.port, request);
  return { status, text: body };
}

const like = (pattern: RegExp): unknown => expect.stringMatching(pattern);
const subscribe = (auth: string): string =>
  JSON.stringify({ event: "pusher:subscribe", data: { channel: "private-a", auth } });
const event = { name: "e", channel: "private-healthy", data: "1" } as const;
const request = (more: Partial<ApiRequest>): ApiRequest => ({ path: "/events", body: event, ...more });
const channels = Array.from({ length: 101 }, (_, index) => `c${index}`);
const batch = Array.from({ length: 11 }, () => event);

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
      { error: like(/^Malformed message: it must be JSON$/) },
    ],
    ["[FRAME5] a binary frame", () => answerToMessage(Buffer.from("{}")), { close: 1003 }],
    ["[FRAME6] an oversized frame", () => answerToMessage("x".repeat(15_000)), { close: 1009 }],
    [
      "[ENC2] plaintext on an encrypted channel",
      () => answerToRequest(request({ body: { ...event, channel: "private-encrypted-a" } })),
      { status: 400, text: like(/^Data on an encrypted channel must be .+: it must be a JSON object\./) },
    ],
    [
      "[HTTP9] a stale timestamp",
      () => answerToRequest(request({ auth: { auth_timestamp: "1700000000" } })),
      { status: 401, text: like(/^Timestamp expired: /) },
    ],
    [
      "[HTTP9] a bad signature of a request",
      () => answerToRequest(request({ secret: "other" })),
      { status: 401, text: like(/^Invalid signature: /) },
    ],
    [
      "[HTTP10] a wrong body_md5",
      () => answerToRequest(request({ sentBody: "{}" })),
      { status: 401, text: like(/^Invalid body_md5\n$/) },
    ],
    [
      "[HTTP13] 101 channels",
      () => answerToRequest(request({ body: { name: "e", data: "1", channels } })),
      { status: 400, text: like(/^Too many channels \(101 > 100\)\n$/) },
    ],
    [
      "[HTTP13] 11 events in a batch",
      () => answerToRequest({ path: "/batch_events", body: { batch } }),
      { status: 400, text: like(/^Batch too large \(11 > 10\)\n$/) },
    ],
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
