import { expect, test } from "vitest";
import type { ContractNodes } from "./contract-node.ts";
import { app, delivery, event, room, type Delivery } from "./publications.ts";

/** Users on a presence channel, and what the others hear of them. */
export function presenceRules(cluster: () => ContractNodes): void {
  test("[ENG3] a user is added with its first connection and removed with its last, wherever they are", async () => {
    const { here, there } = cluster();
    expect(await here.join(room, "1.1", "ada")).toMatchObject({ occupied: true, memberAdded: true });
    expect(await there.join(room, "2.1", "ada")).toMatchObject({ occupied: false, memberAdded: false });
    expect(await there.join(room, "2.2", "bob")).toMatchObject({ memberAdded: true });
    expect(await here.leave(room, "1.1", "ada")).toMatchObject({ vacated: false, memberRemoved: false });
    expect(await there.leave(room, "2.1", "ada")).toMatchObject({ subscriptions: 1, memberRemoved: true });
    expect(await there.leave(room, "2.2", "bob")).toMatchObject({ vacated: true, memberRemoved: true });
  });

  test("[ENG3] a presence channel takes as many users as it may, and further connections of those", async () => {
    const nodes = cluster();
    const { here, there } = nodes;
    const outcomes = await Promise.all(
      ["a", "b", "c", "d"].map(async (user, index) => nodes.at(index).join(room, `1.${index}`, user, 2)),
    );
    expect(outcomes.filter((one) => one === "full")).toHaveLength(2);
    const [first] = await here.engine.users(app, room);
    expect(await there.join(room, "9.1", first, 2)).toMatchObject({ subscriptions: 3, memberAdded: false });
  });

  test("[ENG3] a join that found no room changed nothing", async () => {
    const { here, there } = cluster();
    await here.join(room, "1.1", "ada", 1);
    expect(await there.join(room, "2.1", "bob", 1)).toBe("full");
    expect(await here.engine.channel(app, room)).toEqual({ channel: room, subscriptions: 1, users: 1 });
    expect(await there.leave(room, "2.1", "bob")).toMatchObject({ subscriptions: 1, memberRemoved: false });
  });

  test("[ENG4] a join gets the roster, itself included, with the user_info of the longest connection", async () => {
    const { here, there } = cluster();
    await here.join(room, "1.1", "ada");
    await there.join(room, "2.1", "bob");
    const joined = await there.join(room, "2.2", "ada", 100, '{"tab":2}');
    expect(joined).toMatchObject({
      roster: [
        { userId: "ada", userInfo: '{"socket":"1.1"}' },
        { userId: "bob", userInfo: '{"socket":"2.1"}' },
      ],
    });
    await here.leave(room, "1.1", "ada");
    expect(await here.join(room, "1.2", "bob")).toMatchObject({
      roster: [
        { userId: "ada", userInfo: '{"tab":2}' },
        { userId: "bob", userInfo: '{"socket":"2.1"}' },
      ],
    });
  });

  test("[ENG9] a user's first connection and last are announced, to all but the one that joins", async () => {
    const { here, there } = cluster();
    await here.join(room, "1.1", "ada");
    await there.join(room, "2.1", "bob");
    await there.join(room, "2.2", "ada", 100, '{"tab":2}');
    await here.leave(room, "1.1", "ada");
    await there.leave(room, "2.2", "ada");
    await there.join(room, "2.3", "cleo", 2, '{"tab":1}');
    await there.join(room, "2.4", "dora", 2);
    await here.join(room, "1.2", "bob");
    await here.engine.publish(app, [event(room, "end")]);
    await there.until("end");
    expect(there.deliveredTo("2.1")).toEqual([
      delivery(room, announcement("member_removed", '{"user_id":"ada"}')),
      delivery(room, announcement("member_added", '{"user_id":"cleo","user_info":{"tab":1}}'), "2.3"),
      delivery(room, "end"),
    ]);
    expect(there.deliveredTo("2.3")).toEqual([delivery(room, "end")]);
  });

  test("[ENG9] [ENG4] a roster and the announcements after it agree, however joins and leaves meet", async () => {
    const nodes = cluster();
    const { here } = nodes;
    const tabs = Array.from({ length: 24 }, (_, index) => ({ socket: `1.${index}`, user: `u${index % 3}` }));
    const staying = tabs.slice(-4);
    const rosters = new Map<string, readonly string[]>();
    const changes = tabs.map(async ({ socket, user }, index) => {
      const node = nodes.at(index);
      const earlier = tabs[index - staying.length];
      const joining = node.join(room, socket, user);
      if (earlier !== undefined) await node.leave(room, earlier.socket, earlier.user);
      const joined = await joining;
      if (joined !== "full") rosters.set(socket, joined.roster?.map(({ userId }) => userId) ?? []);
    });
    await Promise.all(changes);
    await here.engine.publish(app, [event(room, "end")]);
    const users = new Set(await here.engine.users(app, room));
    for (const [index, { socket }] of staying.entries()) {
      const node = nodes.at(tabs.length - staying.length + index);
      await node.until("end");
      expect(membersAfter(rosters.get(socket) ?? [], node.deliveredTo(socket))).toEqual(users);
    }
  });
}

/** The message of an announcement in the room. */
function announcement(name: string, data: string): string {
  return JSON.stringify({ event: `pusher_internal:${name}`, channel: room, data });
}

/** The members as a client library keeps them: those of the roster, and what was announced since. */
function membersAfter(roster: readonly string[], deliveries: readonly Delivery[]): ReadonlySet<string> {
  const members = new Set(roster);
  for (const { message } of deliveries.filter((one) => one.message !== "end")) {
    const { event: name, data } = JSON.parse(message) as { event: string; data: string };
    const { user_id: userId } = JSON.parse(data) as { user_id: string };
    if (name.endsWith("member_added")) members.add(userId);
    else members.delete(userId);
  }
  return members;
}
