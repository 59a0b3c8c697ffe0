// What one side of a connection takes for too long, the other side must not take for short enough: all of them count alike.
import { Sealcast as Client } from "@sealcast/client";
import { startServer, testApp, userAuth, type TestServer } from "@sealcast/server-testing";
import { Sealcast as Backend } from "@sealcast/server-sdk";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { callApi } from "../fixtures/api-request.ts";
import { credentials } from "../fixtures/credentials.ts";
import { RawClient } from "../fixtures/raw-client.ts";

let server: TestServer;
let backend: Backend;
beforeAll(async () => {
  server = await startServer({ apps: [testApp({ clientEvents: true })] });
  backend = new Backend({ ...credentials, host: "127.0.0.1", port: server.port, useTLS: false });
});
afterAll(() => server.close());

/** Whether a call is accepted. A refusal must be about the length, or about the characters. */
async function accepts(call: Promise<unknown>): Promise<boolean> {
  return call.then(
    () => true,
    (error: unknown) => {
      expect(String(error)).toMatch(/characters|too long|Invalid channel name/i);
      return false;
    },
  );
}

async function httpAccepts(path: string, body: object): Promise<boolean> {
  const { status, body: text } = await callApi(server.port, { path, body });
  if (status !== 200 && !text.startsWith("Invalid ")) throw new Error(`Refused for another reason: ${status} ${text}`);
  return status === 200;
}

function signInAs(socketId: string, id: string): object {
  const user_data = JSON.stringify({ id });
  return { event: "pusher:signin", data: { auth: userAuth(socketId, user_data), user_data } };
}

/** Whether a message gets an answer that is no error, or none. */
async function socketAccepts(send: (client: RawClient) => unknown): Promise<boolean> {
  const client = await RawClient.connect(server.port);
  onTestFinished(() => client.close());
  client.sendSubscribe("private-a");
  await client.settled();
  await send(client);
  const answers = await client.settled();
  return answers.every(({ event }) => !event.endsWith("error"));
}

function connectedClient(): Client {
  const client = new Client(credentials.key, {
    url: `ws://127.0.0.1:${server.port}`,
    channelAuthorization: {
      customHandler: ({ socketId, channelName }, done) => done(null, backend.authorizeChannel(socketId, channelName)),
    },
  });
  onTestFinished(() => client.disconnect());
  return client;
}

const emoji = "😀";
describe.each([
  { most: "200 letters", name: (count: number) => "x".repeat(count) },
  { most: "200 emojis, each of two UTF-16 units and four bytes", name: (count: number) => emoji.repeat(count) },
])("[NAME3] [NAME5] the name of an event has at most $most", ({ name }) => {
  test.each([
    [200, true],
    [201, false],
  ])("%i are accepted: %s", async (count, isAccepted) => {
    const whole = name(count);
    const ofClient = `client-${name(count - "client-".length)}`;
    const client = connectedClient();
    const channel = client.subscribe("private-a");
    await expect.poll(() => channel.subscribed).toBe(true);
    const errors: unknown[] = [];
    client.connection.bind("error", (error: unknown) => errors.push(error));
    channel.trigger(ofClient, "1");
    const other = client.subscribe("private-b");
    await expect.poll(() => other.subscribed).toBe(true);
    expect({
      http: await httpAccepts("/events", { name: whole, channel: "a", data: "1" }),
      batch: await httpAccepts("/batch_events", { batch: [{ name: whole, channel: "a", data: "1" }] }),
      socket: await socketAccepts((raw) => raw.send({ event: ofClient, channel: "private-a", data: "1" })),
      backend: await accepts(backend.trigger("a", whole, "1")),
      backendBatch: await accepts(backend.triggerBatch([{ channel: "a", name: whole, data: "1" }])),
      client: errors.length === 0,
    }).toEqual({
      http: isAccepted,
      batch: isAccepted,
      socket: isAccepted,
      backend: isAccepted,
      backendBatch: isAccepted,
      client: isAccepted,
    });
  });
});

test.each([
  { what: "128 letters", userId: "x".repeat(128), isAccepted: true },
  { what: "129 letters", userId: "x".repeat(129), isAccepted: false },
  { what: "128 emojis", userId: emoji.repeat(128), isAccepted: true },
  { what: "129 emojis", userId: emoji.repeat(129), isAccepted: false },
])("[NAME5] a user_id of $what on a presence channel is accepted: $isAccepted", async ({ userId, isAccepted }) => {
  const socket = await socketAccepts((raw) => raw.sendSubscribe("presence-a", JSON.stringify({ user_id: userId })));
  expect(socket).toBe(isAccepted);
});

test.each([
  { what: "164 letters", channel: "x".repeat(164), isAccepted: true },
  { what: "165 letters", channel: "x".repeat(165), isAccepted: false },
  { what: "one emoji", channel: emoji, isAccepted: false },
  { what: "164 emojis", channel: emoji.repeat(164), isAccepted: false },
])("[NAME1] [NAME5] a channel name of $what is accepted: $isAccepted", async ({ channel, isAccepted }) => {
  const client = connectedClient();
  const subscription = client.subscribe(channel);
  const outcome = new Promise<boolean>((resolve) => {
    subscription.bind("pusher:subscription_succeeded", () => resolve(true));
    subscription.bind("pusher:subscription_error", () => resolve(false));
  });
  expect({
    http: await httpAccepts("/events", { name: "e", channel, data: "1" }),
    socket: await socketAccepts((raw) => raw.sendSubscribe(channel)),
    backend: await accepts(backend.trigger(channel, "e", "1")),
    client: await outcome,
  }).toEqual({ http: isAccepted, socket: isAccepted, backend: isAccepted, client: isAccepted });
});

test.each([
  { what: "199 letters", userId: "x".repeat(199), isAccepted: true },
  { what: "200 letters", userId: "x".repeat(200), isAccepted: false },
  { what: "one emoji", userId: emoji, isAccepted: false },
  { what: "199 emojis", userId: emoji.repeat(199), isAccepted: false },
])("[NAME4] [NAME5] a user id of $what is accepted: $isAccepted", async ({ userId, isAccepted }) => {
  const { status } = await callApi(server.port, {
    path: `/users/${encodeURIComponent(userId)}/terminate_connections`,
    body: {},
  });
  expect({
    http: status === 200,
    socket: await socketAccepts((raw) => raw.send(signInAs(raw.socketId, userId))),
    backend: await backend.terminateUserConnections(userId).then(
      () => true,
      () => false,
    ),
  }).toEqual({ http: isAccepted, socket: isAccepted, backend: isAccepted });
});

test.each(["😀.1", "1.😀", "12😀34.1"])(
  "[NAME5] the socket id %j is refused: it has other characters than digits",
  async (id) => {
    expect(await httpAccepts("/events", { name: "e", channel: "a", data: "1", socket_id: id })).toBe(false);
    expect(() => backend.authorizeChannel(id, "private-a")).toThrow(/socket id/i);
  },
);
