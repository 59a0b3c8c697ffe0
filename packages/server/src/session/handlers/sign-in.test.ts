import { describe, expect, test } from "vitest";
import { MemoryEngine } from "../../adapters/engine/memory.ts";
import {
  DelayedEngine,
  startSocketless,
  testApp,
  userAuth,
  type FakeClient,
  FakeRandom,
} from "@sealcast/server-testing";

const success = "pusher:signin_success";

/** The watchlist frames among what the client got. */
function changesFor(client: FakeClient): unknown[] {
  return client
    .take()
    .filter(({ event }) => event === "pusher_internal:watchlist_events")
    .map(({ data }) => (data as { events: unknown }).events);
}

describe("signing in", () => {
  test("[USER1] [FRAME1] the answer holds the very text that was signed", async () => {
    const { connect } = await startSocketless();
    const client = connect();
    const userData = ' {"id":"ada",  "user_info":{"name":"Zoë"}} ';
    client.send({ event: "pusher:signin", data: { auth: userAuth(client.socketId, userData), user_data: userData } });
    expect(client.link.texts.at(-1)).toBe(
      JSON.stringify({ event: success, data: JSON.stringify({ user_data: userData }) }),
    );
  });

  test.each<[title: string, userData: string]>([
    ["no JSON", "{"],
    ["no object", '["ada"]'],
    ["no id", "{}"],
    ["a number as id", '{"id":1}'],
    ["an empty id", '{"id":""}'],
    ["a bad character", '{"id":"a:b"}'],
    ["a long id", JSON.stringify({ id: "x".repeat(200) })],
    ["a watchlist that is no list", '{"id":"ada","watchlist":"bob"}'],
    ["a watchlist of numbers", '{"id":"ada","watchlist":[1]}'],
  ])("[USER2] %s is refused even with a good signature", async (_, userData) => {
    const { connect } = await startSocketless();
    const client = connect();
    client.send({ event: "pusher:signin", data: { auth: userAuth(client.socketId, userData), user_data: userData } });
    expect(client.take()).toMatchObject([{ event: "pusher:error", data: { code: null } }]);
    client.subscribe("#server-to-user-ada");
    expect(client.take().map(({ event }) => event)).toEqual(["pusher:error", "pusher:subscription_error"]);
    expect(client.closeCode).toBeUndefined();
  });

  test.each<[title: string, auth: (socketId: string, userData: string) => string]>([
    ["a signature for another socket", (_, userData) => userAuth("9.9", userData)],
    ["a signature for another text", (socketId) => userAuth(socketId, '{"id":"bob"}')],
    ["a signature of another secret", (id, userData) => userAuth(id, userData, { key: "app-key", secret: "no" })],
    ["an unknown key", (id, userData) => userAuth(id, userData, { key: "no", secret: "app-secret" })],
    ["no signature", () => ""],
  ])("[USER2] %s is refused", async (_, auth) => {
    const { connect } = await startSocketless();
    const client = connect();
    const userData = '{"id":"ada"}';
    client.send({ event: "pusher:signin", data: { auth: auth(client.socketId, userData), user_data: userData } });
    expect(client.take()).toMatchObject([{ event: "pusher:error", data: { code: null } }]);
  });

  test("[SIGN2] a signature for a channel signs nobody in", async () => {
    const { connect } = await startSocketless();
    const client = connect();
    // What a careless auth endpoint would sign for a "channel" of this name.
    const auth = userAuth(client.socketId, '{"id":"admin"}');
    client.send({ event: "pusher:subscribe", data: { channel: ':user::{"id":"admin"}', auth } });
    expect(client.take()[0]?.data).toMatchObject({ message: expect.stringMatching(/^Invalid channel name/) as string });
  });

  test("[USER3] the same user again is welcome, another is not", async () => {
    const { connect } = await startSocketless();
    const client = connect();
    client.signIn({ id: "ada" });
    client.signIn({ id: "ada", user_info: { name: "Ada" } });
    client.signIn({ id: "bob" });
    expect(client.take().map(({ event }) => event)).toEqual([success, success, "pusher:error"]);
    client.subscribe("presence-a");
    expect(client.take()[0]?.data).toMatchObject({ presence: { hash: { ada: { name: "Ada" } } } });
  });

  test("[USER4] a user's channel is only for that user", async () => {
    const { connect } = await startSocketless();
    const client = connect();
    client.signIn({ id: "ada" });
    client.take();
    client.subscribe("#server-to-user-ada");
    client.subscribe("#server-to-user-bob");
    expect(client.take().map(({ event, channel }) => [event, channel])).toEqual([
      ["pusher_internal:subscription_succeeded", "#server-to-user-ada"],
      ["pusher:error", undefined],
      ["pusher:subscription_error", "#server-to-user-bob"],
    ]);
  });
});

describe("watchlists", () => {
  test("[WATCH1] [WATCH2] the sequence of the protocol page", async () => {
    const { connect } = await startSocketless();
    const [one, two] = [connect(), connect()];
    one.signIn({ id: "1", watchlist: ["2", "3"] });
    expect(changesFor(one)).toEqual([[{ name: "offline", user_ids: ["2", "3"] }]]);
    two.signIn({ id: "2", watchlist: ["1", "3"] });
    expect(changesFor(one)).toEqual([[{ name: "online", user_ids: ["2"] }]]);
    expect(changesFor(two)).toEqual([
      [
        { name: "offline", user_ids: ["3"] },
        { name: "online", user_ids: ["1"] },
      ],
    ]);
    one.drop();
    expect(changesFor(two)).toEqual([[{ name: "offline", user_ids: ["1"] }]]);
  });

  test("[WATCH1] the state comes right after the answer", async () => {
    const { connect } = await startSocketless();
    const client = connect();
    client.signIn({ id: "1", watchlist: ["2"] });
    expect(client.take().map(({ event }) => event)).toEqual([success, "pusher_internal:watchlist_events"]);
  });

  test("[WATCH2] second connections of a user change nothing", async () => {
    const { connect } = await startSocketless();
    const [watcher, tab1, tab2] = [connect(), connect(), connect()];
    watcher.signIn({ id: "1", watchlist: ["2"] });
    changesFor(watcher);
    tab1.signIn({ id: "2" });
    tab2.signIn({ id: "2" });
    tab1.signIn({ id: "2" });
    expect(changesFor(watcher)).toEqual([[{ name: "online", user_ids: ["2"] }]]);
    tab1.drop();
    expect(changesFor(watcher)).toEqual([]);
    tab2.drop();
    expect(changesFor(watcher)).toEqual([[{ name: "offline", user_ids: ["2"] }]]);
  });

  test("[WATCH2] who goes while the sign-in is under way does not stay online", async () => {
    let engine: DelayedEngine | undefined;
    const { connect } = await startSocketless({
      engine: (clock) => (engine = new DelayedEngine(new MemoryEngine(clock, new FakeRandom()))),
    });
    const [watcher, fleeting] = [connect(), connect()];
    fleeting.signIn({ id: "2" });
    engine?.act();
    fleeting.drop();
    watcher.signIn({ id: "1", watchlist: ["2"] });
    await engine?.settle();
    expect(changesFor(watcher).at(-1)).toEqual([{ name: "offline", user_ids: ["2"] }]);
  });

  test("[WATCH2] who watches itself knows that it is online", async () => {
    const { connect } = await startSocketless();
    const client = connect();
    client.signIn({ id: "1", watchlist: ["1"] });
    expect(changesFor(client)).toEqual([[{ name: "online", user_ids: ["1"] }]]);
  });

  test("[USER3] [WATCH1] signing in again replaces the watchlist", async () => {
    const { connect } = await startSocketless();
    const [watcher, two, three] = [connect(), connect(), connect()];
    watcher.signIn({ id: "1", watchlist: ["2"] });
    watcher.signIn({ id: "1", watchlist: ["3"] });
    expect(changesFor(watcher)).toEqual([
      [{ name: "offline", user_ids: ["2"] }],
      [{ name: "offline", user_ids: ["3"] }],
    ]);
    two.signIn({ id: "2" });
    expect(changesFor(watcher)).toEqual([]);
    three.signIn({ id: "3" });
    expect(changesFor(watcher)).toEqual([[{ name: "online", user_ids: ["3"] }]]);
    watcher.signIn({ id: "1" });
    three.drop();
    expect(changesFor(watcher)).toEqual([]);
  });

  test("[WATCH3] the first 100 of a long watchlist are watched", async () => {
    const { connect } = await startSocketless();
    const [watcher, last, beyond] = [connect(), connect(), connect()];
    const watchlist = Array.from({ length: 101 }, (_, index) => `u${index}`);
    watcher.signIn({ id: "1", watchlist });
    expect(watcher.take()).toEqual([
      expect.objectContaining({ event: success }),
      {
        event: "pusher:error",
        data: { message: "The watchlist has 101 users; the first 100 are watched", code: 4302 },
      },
      {
        event: "pusher_internal:watchlist_events",
        data: { events: [{ name: "offline", user_ids: watchlist.slice(0, 100) }] },
      },
    ]);
    beyond.signIn({ id: "u100" });
    last.signIn({ id: "u99" });
    expect(changesFor(watcher)).toEqual([[{ name: "online", user_ids: ["u99"] }]]);
  });

  test("[WATCH1] an id that is named twice is reported once", async () => {
    const { connect } = await startSocketless();
    const client = connect();
    client.signIn({ id: "1", watchlist: ["2", "2", "__proto__"] });
    expect(changesFor(client)).toEqual([[{ name: "offline", user_ids: ["2", "__proto__"] }]]);
  });

  test("[WATCH4] nothing is sent where the app has not turned it on", async () => {
    const { connect } = await startSocketless({ apps: [testApp({ watchlistEvents: false })] });
    const [watcher, two] = [connect(), connect()];
    watcher.signIn({ id: "1", watchlist: Array.from({ length: 101 }, (_, index) => String(index)) });
    two.signIn({ id: "2" });
    expect(watcher.take().map(({ event }) => event)).toEqual([success]);
  });
});
