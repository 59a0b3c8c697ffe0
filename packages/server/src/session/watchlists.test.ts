import type { AppId } from "@sealcast/protocol";
import { describe, expect, test } from "vitest";
import type { LocalConnection } from "./local-connection.ts";
import { Watchlists } from "./watchlists.ts";

const app = "1001" as AppId;

/** A connection that notes what it gets, such as "online ada". */
function createWatcher(): { readonly connection: LocalConnection; readonly received: string[] } {
  const received: string[] = [];
  const link = {
    send(message: string) {
      const { data } = JSON.parse(message) as { data: string };
      const { events } = JSON.parse(data) as { events: { name: string; user_ids: string[] }[] };
      for (const { name, user_ids: ids } of events) received.push(`${name} ${ids.join()}`);
    },
  };
  return { connection: { app: { id: app }, link } as unknown as LocalConnection, received };
}

/** Answers with the users that are online now. */
function createDirectory(online: Set<string>): { readonly asked: number[]; readonly watchlists: Watchlists } {
  const asked: number[] = [];
  const watchlists = new Watchlists({
    online(_, userIds, answer) {
      asked.push(userIds.length);
      answer(new Set(userIds.filter((id) => online.has(id))));
      return "answered";
    },
  });
  return { asked, watchlists };
}

describe("watchlists", () => {
  test("[WATCH2] tell watchers each change once", async () => {
    const { watchlists } = createDirectory(new Set(["ada"]));
    const { connection, received } = createWatcher();
    watchlists.watch(connection, ["ada", "bob"]);
    await watchlists.ask(connection, ["ada", "bob"], () => undefined);
    for (const isOnline of [true, false, false, true]) watchlists.changed(app, "ada", isOnline);
    watchlists.changed(app, "cyd", true);
    expect(received).toEqual(["offline ada", "online ada"]);
    watchlists.unwatch(connection, ["ada", "bob"]);
    watchlists.changed(app, "ada", false);
    expect(received).toHaveLength(2);
  });

  test("[WATCH5] tell other watchers what the answer to a new one shows", async () => {
    const online = new Set(["ada"]);
    const { watchlists } = createDirectory(online);
    const [first, second] = [createWatcher(), createWatcher()];
    watchlists.watch(first.connection, ["ada"]);
    await watchlists.ask(first.connection, ["ada"], () => undefined);
    online.delete("ada");
    watchlists.watch(second.connection, ["ada"]);
    await watchlists.ask(second.connection, ["ada"], (found) => expect([...found]).toEqual([]));
    expect([first.received, second.received]).toEqual([["offline ada"], []]);
  });

  test("[WATCH5] tell watchers after an interruption what they have missed, and ask for 1,000 users at a time", async () => {
    const users = Array.from({ length: 2_500 }, (_, index) => `user-${index}`);
    const online = new Set(users);
    const { asked, watchlists } = createDirectory(online);
    const { connection, received } = createWatcher();
    watchlists.watch(connection, users);
    await watchlists.ask(connection, users, () => undefined);
    online.delete("user-7");
    await watchlists.refresh();
    expect(asked).toEqual([2_500, 1_000, 1_000, 500]);
    expect(received).toEqual(["offline user-7"]);
  });
});
