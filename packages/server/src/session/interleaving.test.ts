import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MemoryEngine } from "../adapters/engine/memory.ts";
import {
  DelayedEngine,
  startSocketless,
  testApp,
  type FakeClient,
  type ReceivedFrame,
  FakeRandom,
} from "@sealcast/server-testing";

const room = "presence-cache-room";
const clientCount = 4;

/** What happens next, in a run where requests, effects and answers are mixed at random. */
type Step =
  | { readonly do: "join" | "leave" | "sign in" | "whisper" | "drop"; readonly client: number }
  | { readonly do: "publish" | "engine acts" | "engine answers" | "engine answers in one turn" };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("join" as const), client: fc.nat(clientCount - 1) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom("leave" as const, "sign in" as const, "whisper" as const, "drop" as const),
      client: fc.nat(clientCount - 1),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "publish" as const,
        "engine acts" as const,
        "engine answers" as const,
        "engine answers in one turn" as const,
      ),
    }),
  },
);

describe("an engine that answers later", () => {
  test("[OCC3] [EVENT2] [PRES2] [PRES4] delivers events in order and keeps member lists right, in any order of steps", async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 80 }), checkRun), { numRuns: 150 });
  }, 60_000);
});

async function checkRun(steps: readonly Step[]): Promise<void> {
  let engine: DelayedEngine | undefined;
  const { connect, get, post } = await startSocketless({
    apps: [testApp({ clientEventsPerSecond: 1_000 })],
    engine: (clock) => (engine = new DelayedEngine(new MemoryEngine(clock, new FakeRandom()))),
  });
  if (engine === undefined) throw new Error("The server did not ask for its engine");
  const clients = Array.from({ length: clientCount }, connect);
  const gone: FakeClient[] = [];
  /** Whether each client's last word was that it wants to be on the channel. */
  const inside = clients.map(() => false);
  let published = 0;

  for (const next of steps) {
    switch (next.do) {
      case "publish":
        published += 1;
        void post("/events", { name: "number", channel: room, data: String(published) });
        break;
      case "engine acts":
        engine.act();
        break;
      case "engine answers":
        await engine.reply();
        break;
      case "engine answers in one turn":
        await engine.replyInOneTurn();
        break;
      case "drop": {
        const [old] = clients.splice(next.client, 1, connect());
        old?.drop();
        if (old !== undefined) gone.push(old);
        inside[next.client] = false;
        break;
      }
      case "join":
        inside[next.client] = true;
        act(clients[next.client], next.do, next.client);
        break;
      case "leave":
        inside[next.client] = false;
        act(clients[next.client], next.do, next.client);
        break;
      case "sign in":
      case "whisper":
        act(clients[next.client], next.do, next.client);
    }
  }
  await engine.settle();

  for (const client of [...clients, ...gone]) for (const period of periodsOf(client)) checkNumbers(period);
  const users = get(`/channels/${room}/users`);
  await engine.settle();
  const ids = (JSON.parse((await users).body) as { users: { id: string }[] }).users.map(({ id }) => id);
  expect(new Set(ids)).toEqual(new Set(clients.flatMap((_, index) => (inside[index] === true ? [userOf(index)] : []))));
  for (const client of clients.filter((_, index) => inside[index])) {
    expect(membersSeenBy(client)).toEqual(new Set(ids));
  }

  for (const client of clients) client.drop();
  const after = get("/channels");
  await engine.settle();
  expect((await after).body).toBe('{"channels":{}}');
}

function act(client: FakeClient | undefined, what: "join" | "leave" | "sign in" | "whisper", index: number): void {
  const id = userOf(index);
  if (what === "join") client?.join(room, id);
  else if (what === "leave") client?.unsubscribe(room);
  else if (what === "sign in") client?.signIn({ id, watchlist: ["u0", "u1"] });
  else client?.whisper(room, "client-hello", 1);
}

/** What a client got of the room, split at each answer to a subscription. */
function periodsOf(client: FakeClient): ReceivedFrame[][] {
  const periods: ReceivedFrame[][] = [];
  for (const text of client.link.texts) {
    const frame = JSON.parse(text) as ReceivedFrame;
    if (frame.channel !== room || frame.event === "pusher:subscription_error") continue;
    if (frame.event === "pusher_internal:subscription_succeeded") periods.push([]);
    const period = periods.at(-1);
    expect(period, "an event of the channel before its subscription").toBeDefined();
    period?.push(frame);
  }
  return periods;
}

/** After the answer comes what the channel keeps, and from there on no number is missing, twice, or out of order. */
function checkNumbers([, kept, ...others]: readonly ReceivedFrame[]): void {
  expect(["number", "pusher:cache_miss"]).toContain(kept?.event);
  const first = kept?.event === "number" ? Number(kept.data) : 0;
  const numbers = others.filter(({ event }) => event === "number").map(({ data }) => Number(data));
  expect(numbers).toEqual(numbers.map((_, index) => first + 1 + index));
}

/** Two clients each are one user with two tabs. */
function userOf(client: number): string {
  return `u${client % 2}`;
}

/** The members as a client library keeps them: from the answer, and from what was announced since. */
function membersSeenBy(client: FakeClient): Set<string> {
  const members = new Set<string>();
  for (const { event, data } of periodsOf(client).at(-1) ?? []) {
    const body = JSON.parse(String(data)) as { presence?: { ids: string[] }; user_id?: string };
    if (event === "pusher_internal:subscription_succeeded") for (const id of body.presence?.ids ?? []) members.add(id);
    if (event === "pusher_internal:member_added" && body.user_id !== undefined) members.add(body.user_id);
    if (event === "pusher_internal:member_removed" && body.user_id !== undefined) members.delete(body.user_id);
  }
  return members;
}
