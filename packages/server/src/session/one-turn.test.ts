import { expect, test } from "vitest";
import { startDelayed, type FakeClient } from "@sealcast/server-testing";

/** The names of the messages that a client got since it was last asked. */
function eventsOf(client: FakeClient): string[] {
  return client.take().map(({ event }) => event);
}

/** Lets everything take effect, and passes all replies on in one turn, as a client of a database reads one chunk. */
async function answerInOneTurn(engine: Awaited<ReturnType<typeof startDelayed>>["engine"]): Promise<void> {
  while (engine.act());
  await engine.replyInOneTurn();
}

test("[OCC3] an event right behind the answer to a join reaches the subscriber", async () => {
  const { connect, engine, post } = await startDelayed();
  const client = connect();
  client.send({ event: "pusher:subscribe", data: { channel: "news" } });
  const reply = post("/events", { name: "news", channel: "news", data: "after the join" });
  await answerInOneTurn(engine);
  await engine.settle();
  expect((await reply).status).toBe(200);
  expect(eventsOf(client)).toEqual([
    "pusher_internal:subscription_succeeded",
    "news",
    "pusher_internal:subscription_count",
  ]);
});

test("[OCC3] a member that arrives right behind the answer to a join is announced to the subscriber", async () => {
  const { connect, engine } = await startDelayed();
  const [ada, bob] = [connect(), connect()];
  ada.join("presence-room", "ada");
  bob.join("presence-room", "bob");
  await answerInOneTurn(engine);
  expect(eventsOf(ada)).toEqual(["pusher_internal:subscription_succeeded", "pusher_internal:member_added"]);
});

test("[DIR2] a user who is terminated right behind the answer to a sign-in loses the connection", async () => {
  const { connect, engine, post } = await startDelayed();
  const client = connect();
  client.signIn({ id: "ada" });
  const reply = post("/users/ada/terminate_connections", "{}");
  await answerInOneTurn(engine);
  await engine.settle();
  expect((await reply).status).toBe(200);
  expect(client.closeCode).toBe(4009);
});

test("[DIR3] [WATCH2] a user who comes online right behind the answer to a watchlist is online in the end", async () => {
  const { connect, engine } = await startDelayed();
  const [watcher, other] = [connect(), connect()];
  watcher.signIn({ id: "ada", watchlist: ["bob"] });
  await answerInOneTurn(engine);
  other.signIn({ id: "bob" });
  await answerInOneTurn(engine);
  const changes = watcher.take().filter(({ event }) => event === "pusher_internal:watchlist_events");
  expect(changes.map(({ data }) => data)).toEqual([
    { events: [{ name: "offline", user_ids: ["bob"] }] },
    { events: [{ name: "online", user_ids: ["bob"] }] },
  ]);
});

test("[OCC4] a client that is gone before the answer to its join does not stay on the channel", async () => {
  const { connect, engine, get } = await startDelayed();
  const client = connect();
  client.send({ event: "pusher:subscribe", data: { channel: "news" } });
  engine.act();
  client.drop();
  await engine.settle();
  const channels = get("/channels");
  await engine.settle();
  expect((await channels).body).toBe('{"channels":{}}');
});
