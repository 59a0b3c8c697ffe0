import { startServer, testApp, type TestServer, userAuth } from "@sealcast/server-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { otherApp } from "../../fixtures/other-app.ts";
import { dataOf, RawClient, type ServerFrame } from "../../fixtures/raw-client.ts";

const watchlistEvents = "pusher_internal:watchlist_events";
let server: TestServer;
beforeAll(async () => {
  server = await startServer({ apps: [testApp(), otherApp("unwatched", { watchlistEvents: false })] });
});
afterAll(() => server.close());

let users = 0;
/** A user id that no other test uses. */
function freshUser(): string {
  users += 1;
  return `user-${users}`;
}

function watched(frame: ServerFrame): unknown {
  return (dataOf(frame) as { events: unknown }).events;
}

describe("watchlists", () => {
  test("[WATCH1] [WATCH2] tell who is there, and then who comes and goes", async () => {
    const [one, two, three] = [freshUser(), freshUser(), freshUser()];
    const [first, second] = [await RawClient.connect(server.port), await RawClient.connect(server.port)];
    await first.signIn({ id: one, watchlist: [two, three] });
    const frame = await first.next(watchlistEvents);
    expect(frame.channel).toBeUndefined();
    expect(watched(frame)).toEqual([{ name: "offline", user_ids: [two, three] }]);
    await second.signIn({ id: two, watchlist: [one, three] });
    expect(watched(await second.next(watchlistEvents))).toEqual([
      { name: "offline", user_ids: [three] },
      { name: "online", user_ids: [one] },
    ]);
    expect(watched(await first.next(watchlistEvents))).toEqual([{ name: "online", user_ids: [two] }]);
    await first.close();
    expect(watched(await second.next(watchlistEvents))).toEqual([{ name: "offline", user_ids: [one] }]);
    await second.close();
  });

  test("[WATCH2] a second connection of a user is not announced, nor is the end of one of two", async () => {
    const [watcher, user] = [freshUser(), freshUser()];
    const [first, second, third] = await Promise.all([1, 2, 3].map(() => RawClient.connect(server.port)));
    await first?.signIn({ id: watcher, watchlist: [user] });
    await second?.signIn({ id: user });
    await third?.signIn({ id: user });
    await second?.close();
    await first?.settled();
    expect(await first?.settled()).toEqual([]);
    await third?.close();
    const frame = await first?.next(watchlistEvents);
    expect(frame && watched(frame)).toEqual([{ name: "offline", user_ids: [user] }]);
    await first?.close();
  });

  test("[WATCH3] [CLOSE3] the first hundred are watched, and 4302 says that there were more", async () => {
    const client = await RawClient.connect(server.port);
    const watchlist = Array.from({ length: 101 }, (_, index) => `w${index}`);
    await client.signIn({ id: freshUser(), watchlist });
    expect((await client.error()).code).toBe(4302);
    expect(watched(await client.next(watchlistEvents))).toEqual([
      { name: "offline", user_ids: watchlist.slice(0, 100) },
    ]);
    const unwatched = await RawClient.connect(server.port);
    await unwatched.signIn({ id: "w100" });
    expect(await client.settled()).toEqual([]);
    await Promise.all([client.close(), unwatched.close()]);
  });

  test("[WATCH4] an app that has not turned them on sends none", async () => {
    const client = await RawClient.connect(server.port, { path: "/app/unwatched?protocol=7" });
    const userData = JSON.stringify({ id: "1", watchlist: ["2"] });
    const auth = userAuth(client.socketId, userData).replace("app-key", "unwatched");
    client.send({ event: "pusher:signin", data: { auth, user_data: userData } });
    await client.next("pusher:signin_success");
    expect(await client.settled()).toEqual([]);
    await client.close();
  });
});
