import { expect, test } from "vitest";
import { arrivalOf, departureOf, type ContractNodes } from "./contract-node.ts";
import { app, delivery, event, room, type DeliveredMessage } from "./publications.ts";

/** Users on a presence channel, and what the others hear of them. */
export function presenceRules(cluster: () => ContractNodes): void {
  test("[OCC1] a user is added with its first connection and removed with its last, on whatever nodes", async () => {
    const nodes = cluster();
    const { here, there } = nodes;
    await here.join(room, "1.1", "ada");
    await there.join(room, "2.1", "ada");
    await there.join(room, "2.2", "bob");
    await here.leave(room, "1.1", "ada");
    await there.leave(room, "2.1", "ada");
    await there.leave(room, "2.2", "bob");
    await nodes.whenFacts(6);
    expect(nodes.facts().toSorted()).toEqual([
      `member-added ${room} ada`,
      `member-added ${room} bob`,
      `member-removed ${room} ada`,
      `member-removed ${room} bob`,
      `occupied ${room}`,
      `vacated ${room}`,
    ]);
  });

  test("[OCC1] a presence channel takes at most `maxMembers` users, and further connections of those", async () => {
    const nodes = cluster();
    const { here, there } = nodes;
    const outcomes = await Promise.all(
      ["a", "b", "c", "d"].map(async (user, index) =>
        nodes.at(index).join(room, `1.${index}`, user, { maxMembers: 2 }),
      ),
    );
    expect(outcomes.filter((one) => one === "full")).toHaveLength(2);
    const members = await here.engine.members(app, room);
    const [first] = members === "unavailable" ? [] : members;
    expect(await there.join(room, "9.1", first, { maxMembers: 2 })).toMatchObject({ subscriptions: 3 });
  });

  test("[OCC4] a join that is answered full changes nothing", async () => {
    const { here, there } = cluster();
    await here.join(room, "1.1", "ada", { maxMembers: 1 });
    expect(await there.join(room, "2.1", "bob", { maxMembers: 1 })).toBe("full");
    expect(await here.engine.channel(app, room)).toEqual({ channel: room, subscriptions: 1, users: 1 });
    await there.leave(room, "2.1", "bob");
    expect(await here.engine.channel(app, room)).toEqual({ channel: room, subscriptions: 1, users: 1 });
  });

  test("[OCC3] an entry has the roster, itself included; each user_info is that of the user's oldest connection", async () => {
    const { here, there } = cluster();
    await here.join(room, "1.1", "ada");
    await there.join(room, "2.1", "bob");
    expect(await there.join(room, "2.2", "ada", { userInfo: '{"tab":2}' })).toMatchObject({
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

  test("[OCC5] a user's first connection and last are announced, to all but the one that joins", async () => {
    const { here, there } = cluster();
    await here.join(room, "1.1", "ada");
    await there.join(room, "2.1", "bob");
    await there.join(room, "2.2", "ada");
    await here.leave(room, "1.1", "ada");
    await there.leave(room, "2.2", "ada");
    await there.join(room, "2.3", "cleo", { maxMembers: 2 });
    await there.join(room, "2.4", "dora", { maxMembers: 2 });
    await here.join(room, "1.2", "bob");
    await here.engine.publish(app, [event(room, "end")]);
    await there.whenDelivered("end");
    expect(there.deliveredTo("2.1")).toEqual([
      delivery(room, departureOf("ada")),
      delivery(room, arrivalOf("cleo"), "2.3"),
      delivery(room, "end"),
    ]);
    expect(there.deliveredTo("2.3")).toEqual([delivery(room, "end")]);
  });

  test("[OCC3] [OCC5] rosters and later announcements agree if joins and leaves run at the same time", async () => {
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
      const entry = await joining;
      if (typeof entry === "object") rosters.set(socket, entry.roster?.map(({ userId }) => userId) ?? []);
    });
    await Promise.all(changes);
    await here.engine.publish(app, [event(room, "end")]);
    const members = await here.engine.members(app, room);
    for (const [index, { socket }] of staying.entries()) {
      const node = nodes.at(tabs.length - staying.length + index);
      await node.whenDelivered("end");
      expect(membersAfter(rosters.get(socket) ?? [], node.deliveredTo(socket))).toEqual(new Set(members));
    }
  });
}

/** The members as a client library tracks them: those of the roster, changed by later announcements. */
function membersAfter(roster: readonly string[], deliveries: readonly DeliveredMessage[]): ReadonlySet<string> {
  const members = new Set(roster);
  for (const { message } of deliveries) {
    if (message.startsWith("+")) members.add(message.slice(1));
    if (message.startsWith("-")) members.delete(message.slice(1));
  }
  return members;
}
