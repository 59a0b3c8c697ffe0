import { describe, expect, test } from "vitest";
import type { ChannelName } from "@sealcast/protocol";
import {
  FakeRandom,
  startSocketless,
  testApp,
  type FakeClient,
  type FakeClock,
  type SocketlessServer,
} from "@sealcast/server-testing";
import { MemoryEngine } from "../adapters/engine/memory.ts";
import type { Engine, EngineEvents } from "../ports/engine.ts";

const channel = "private-orders";
const app = testApp({ history: [{ prefix: "private-", size: 5, ttlSeconds: 60 }], subscriptionCount: false });
const start = (): Promise<SocketlessServer> => startSocketless({ apps: [app] });

async function publish(server: SocketlessServer, ...numbers: number[]): Promise<void> {
  for (const number of numbers) {
    await server.post("/events", { name: "order", channel, data: String(number) });
  }
}

interface Place {
  readonly epoch: string;
  readonly offset: number;
  readonly recovered?: boolean;
}

/** What a client got: data of events, and offsets of positions in parentheses. */
function received(client: FakeClient): string[] {
  return client.take().map(({ event, data }) => {
    if (event === "order") return String(data);
    if (event !== "pusher_internal:position") return event.replace(/^.*:/, "");
    const { offset, recovered } = data as Place;
    return `(${String(offset)}${recovered === undefined ? "" : ` ${String(recovered)}`})`;
  });
}

function recover(client: FakeClient, after: Partial<Place> = {}): void {
  client.send({ event: "sealcast:recover", channel, data: after });
}

/** The position behind the most recent event. */
async function position(server: SocketlessServer): Promise<Place> {
  const { body } = await server.get(`/channels/${channel}/events`);
  return JSON.parse(body) as Place;
}

describe("recovery", () => {
  test("[REC1] each event is followed by its position, on connections that asked", async () => {
    const server = await start();
    const [asks, silent] = [server.connect(), server.connect()];
    for (const client of [asks, silent]) client.subscribe(channel);
    recover(asks);
    await publish(server, 1, 2);
    expect(received(asks)).toEqual(["subscription_succeeded", "(0)", "1", "(1)", "2", "(2)"]);
    expect(received(silent)).toEqual(["subscription_succeeded", "1", "2"]);
    await server.post("/events", { name: "order", channel, data: "3", socket_id: asks.socketId });
    expect(received(asks)).toEqual(["(3)"]);
  });

  test("[REC2] what was missed comes right behind the subscription, once and in order", async () => {
    const server = await start();
    await publish(server, 1);
    const { epoch } = await position(server);
    await publish(server, 2, 3);
    const client = server.connect();
    recover(client, { epoch, offset: 1 });
    client.subscribe(channel);
    await publish(server, 4);
    expect(received(client)).toEqual(["subscription_succeeded", "2", "(2)", "3", "(3)", "(3 true)", "4", "(4)"]);
  });

  test("[REC3] after the subscription, what was published since is not repeated", async () => {
    const server = await start();
    await publish(server, 1, 2);
    const { epoch } = await position(server);
    const client = server.connect();
    client.subscribe(channel);
    await publish(server, 3);
    recover(client, { epoch, offset: 1 });
    await publish(server, 4);
    expect(received(client)).toEqual(["subscription_succeeded", "3", "2", "(2)", "(3 true)", "4", "(4)"]);
  });

  test.each([
    ["trimmed", { offset: 1 }],
    ["of another epoch", { epoch: "other", offset: 6 }],
    ["of the future", { offset: 9 }],
  ])("[REC4] if the position is %s, nothing is replayed", async (_, after) => {
    const server = await start();
    await publish(server, 1, 2, 3, 4, 5, 6, 7);
    const { epoch } = await position(server);
    const client = server.connect();
    recover(client, { epoch, ...after });
    client.subscribe(channel);
    expect(received(client)).toEqual(["subscription_succeeded", "(7 false)"]);
  });

  test("[REC4] expired events are not recovered", async () => {
    const server = await start();
    await publish(server, 1, 2);
    const { epoch } = await position(server);
    server.clock.advance(61_000);
    const client = server.connect();
    recover(client, { epoch, offset: 1 });
    client.subscribe(channel);
    expect(received(client)).toEqual(["subscription_succeeded", "(2 false)"]);
  });

  test("[REC4] on a quiet channel nothing is missed, also after its events have expired", async () => {
    const server = await start();
    await publish(server, 1, 2);
    const { epoch } = await position(server);
    server.clock.advance(3_000_000);
    const client = server.connect();
    recover(client, { epoch, offset: 2 });
    client.subscribe(channel);
    expect(received(client)).toEqual(["subscription_succeeded", "(2 true)"]);
  });

  test("[REC9] under /recover, events wait until the client has said what it missed", async () => {
    const server = await start();
    await publish(server, 1, 2);
    const { epoch } = await position(server);
    const [client, sender] = [connectForRecovery(server), server.connect()];
    client.subscribe(channel);
    sender.subscribe(channel);
    await publish(server, 3);
    await server.post("/events", { name: "order", channel, data: "4", socket_id: client.socketId });
    expect(received(client)).toEqual(["subscription_succeeded"]);
    expect(received(sender)).toEqual(["subscription_succeeded", "3", "4"]);
    recover(client, { epoch, offset: 1 });
    await publish(server, 5);
    expect(received(client)).toEqual(["2", "(2)", "(2 true)", "3", "(3)", "(4)", "5", "(5)"]);
  });

  test("[REC9] under /recover, events wait for at most a second, and not on channels that keep none", async () => {
    const server = await start();
    const client = connectForRecovery(server);
    client.subscribe(channel);
    client.subscribe("news");
    await publish(server, 1);
    await server.post("/events", { name: "order", channel: "news", data: "2" });
    expect(received(client)).toEqual(["subscription_succeeded", "subscription_succeeded", "2"]);
    server.clock.advance(1_000);
    expect(received(client)).toEqual(["1"]);
    await publish(server, 3);
    expect(received(client)).toEqual(["3"]);
  });

  test("[REC9] under /recover, at most 1,000 events wait, and none after the subscription has ended", async () => {
    const server = await start();
    const client = connectForRecovery(server);
    client.subscribe(channel);
    client.take();
    const numbers = Array.from({ length: 1_001 }, (_, index) => index);
    await publish(server, ...numbers);
    expect(received(client)).toEqual(numbers.map(String));
    client.send({ event: "pusher:unsubscribe", data: { channel } });
    client.subscribe(channel);
    await publish(server, 1);
    client.send({ event: "pusher:unsubscribe", data: { channel } });
    server.clock.advance(1_000);
    expect(received(client)).not.toContain("1");
  });

  test("[REC10] the greeting says whether channels keep events", async () => {
    const [keeps, keepsNot] = [await start(), await startSocketless()];
    expect(keeps.connect().link.texts[0]).toContain(String.raw`\"recovery\":true`);
    expect(keepsNot.connect().link.texts[0]).not.toContain("recovery");
  });

  test("[REC11] connections that asked for recovery are informed if the server itself has missed events", async () => {
    let events: EngineEvents | undefined;
    class InterruptedEngine extends MemoryEngine {
      override start(all: EngineEvents): void {
        events = all;
        super.start(all);
      }
    }
    const engine = (clock: FakeClock): Engine => new InterruptedEngine(clock, new FakeRandom());
    const server = await startSocketless({ apps: [app], engine });
    const [asks, silent] = [server.connect(), server.connect()];
    for (const client of [asks, silent]) client.subscribe(channel);
    recover(asks);
    await publish(server, 1);
    const { epoch } = await position(server);
    for (const client of [asks, silent]) client.take();
    events?.missed(app.id, channel as ChannelName, { epoch, offset: 9 });
    expect(received(asks)).toEqual(["(9 false)"]);
    expect(received(silent)).toEqual([]);
  });

  test("[REC5] a channel without a row has no positions", async () => {
    const server = await startSocketless({ apps: [{ ...app, history: [] }] });
    const client = server.connect();
    recover(client, { epoch: "e", offset: 1 });
    client.subscribe(channel);
    await publish(server, 1);
    expect(received(client)).toEqual(["subscription_succeeded", "(undefined false)", "1"]);
  });

  test("[REC6] without a subscription nothing is sent", async () => {
    const server = await start();
    await publish(server, 1, 2);
    const { epoch } = await position(server);
    const client = server.connect();
    recover(client, { epoch, offset: 1 });
    client.send({ event: "pusher:subscribe", data: { channel, auth: "app-key:wrong" } });
    expect(received(client)).not.toContain("2");
  });

  test("[REC7] the HTTP API answers kept events", async () => {
    const server = await start();
    await publish(server, 1, 2, 3, 4, 5, 6);
    const { epoch } = await position(server);
    const read = async (parameters: Readonly<Record<string, string>>): Promise<unknown> =>
      JSON.parse((await server.get(`/channels/${channel}/events`, parameters)).body);
    expect(await read({ limit: "2" })).toEqual({ epoch, offset: 6, events: [kept(5), kept(6)] });
    expect(await read({ limit: "2", after: `${epoch}:3` })).toEqual({ epoch, offset: 6, events: [kept(4), kept(5)] });
    expect(await read({ after: `${epoch}:0` })).toMatchObject({ truncated: true, offset: 6 });
    expect((await server.get(`/channels/${channel}/events`, { limit: "0" })).status).toBe(400);
    expect((await server.get(`/channels/${channel}/events`, { after: "3" })).status).toBe(400);
  });

  test("[REC7] large events are answered a megabyte at a time", async () => {
    const apps = [testApp({ maxEventBytes: 1_048_576, history: [{ prefix: "big", size: 10, ttlSeconds: 60 }] })];
    const server = await startSocketless({ apps });
    for (const data of ["1", "2", "3", "4"]) {
      await server.post("/events", { name: "e", channel: "big", data: data.repeat(500_000) });
    }
    const offsets = async (parameters: Readonly<Record<string, string>>): Promise<number[]> => {
      const { body } = await server.get("/channels/big/events", parameters);
      return (JSON.parse(body) as { events: { offset: number }[] }).events.map(({ offset }) => offset);
    };
    const { epoch } = JSON.parse((await server.get("/channels/big/events")).body) as { epoch: string };
    expect(await offsets({})).toEqual([3, 4]);
    expect(await offsets({ after: `${epoch}:0` })).toEqual([1, 2]);
    expect(await offsets({ after: `${epoch}:2` })).toEqual([3, 4]);
  });

  test("[REC8] client events are kept, with their sender left out when they are delivered", async () => {
    const server = await start();
    const client = server.connect();
    client.subscribe(channel);
    client.whisper(channel, "client-typing", { on: true });
    const { body } = await server.get(`/channels/${channel}/events`);
    expect(JSON.parse(body)).toMatchObject({ offset: 1, events: [{ name: "client-typing" }] });
  });

  test.each([{ epoch: 1, offset: 1 }, { epoch: "e" }, { epoch: "e", offset: -1 }, { epoch: "e", offset: 1.5 }])(
    "[FRAME2] the position %j is refused",
    async (after) => {
      const server = await start();
      const client = server.connect();
      client.send({ event: "sealcast:recover", channel, data: after });
      expect(client.take()).toMatchObject([{ event: "pusher:error" }]);
    },
  );
});

/** A client whose events wait until it has said what it missed. */
function connectForRecovery({ transport }: SocketlessServer): FakeClient {
  const client = transport.connect({ path: "/recover/app/app-key" });
  client.take();
  return client;
}

/** An event as the HTTP API answers it. */
function kept(offset: number): object {
  return { name: "order", data: String(offset), offset, time_ms: expect.any(Number) as number };
}
