import type { ChannelName } from "@sealcast/protocol";
import { expect, test } from "vitest";
import type { Joined } from "@sealcast/server";
import type { ContractNodes } from "./contract-node.ts";
import { app, news, price, room } from "./publications.ts";

/** Who is on a channel, as joins, leaves and queries tell it. */
export function channelRules(cluster: () => ContractNodes): void {
  test("[ENG3] joins tell how many are there, and the first that it is the first", async () => {
    const { here, there } = cluster();
    expect(await here.join(news, "1.1")).toMatchObject({ subscriptions: 1, occupied: true, memberAdded: false });
    expect(await there.join(news, "2.1")).toMatchObject({ subscriptions: 2, occupied: false, memberAdded: false });
  });

  test("[ENG3] leaves tell how many are left, and the last that it is the last", async () => {
    const { here, there } = cluster();
    await here.join(news, "1.1");
    await there.join(news, "2.1");
    expect(await here.leave(news, "1.1")).toEqual({ subscriptions: 1, vacated: false, memberRemoved: false });
    expect(await there.leave(news, "2.1")).toEqual({ subscriptions: 0, vacated: true, memberRemoved: false });
    expect(await here.join(news, "1.1")).toMatchObject({ subscriptions: 1, occupied: true });
  });

  test("[ENG3] of many joins and leaves at once, one is the first and one the last", async () => {
    const nodes = cluster();
    const sockets = Array.from({ length: 40 }, (_, index) => `1.${index}`);
    const joined = await Promise.all(
      sockets.map(async (socket, index) => nodes.at(index).join(room, socket, `u${index % 4}`)),
    );
    expect(joined.filter((one) => one !== "full" && one.occupied)).toHaveLength(1);
    expect(joined.filter((one) => one !== "full" && one.memberAdded)).toHaveLength(4);
    expect(countsOf(joined)).toEqual(sockets.map((_, index) => index + 1));
    const left = await Promise.all(
      sockets.map(async (socket, index) => nodes.at(index).leave(room, socket, `u${index % 4}`)),
    );
    expect(left.filter(({ vacated }) => vacated)).toHaveLength(1);
    expect(left.filter(({ memberRemoved }) => memberRemoved)).toHaveLength(4);
  });

  test("[ENG5] a leave of a connection that is not there changes nothing", async () => {
    const { here, there } = cluster();
    expect(await here.leave(news, "1.1")).toEqual({ subscriptions: 0, vacated: false, memberRemoved: false });
    await here.join(room, "1.1", "ada");
    expect(await there.leave(room, "2.1", "ada")).toEqual({ subscriptions: 1, vacated: false, memberRemoved: false });
    await here.leave(room, "1.1", "ada");
    expect(await here.leave(room, "1.1", "ada")).toMatchObject({ vacated: false, memberRemoved: false });
  });

  test("[ENG8] occupied channels are listed on every node, with their counts", async () => {
    const { here, there } = cluster();
    await here.join(news, "1.1");
    await there.join(news, "2.1");
    await there.join(room, "2.1", "ada");
    await there.join(room, "2.2", "ada");
    await here.join("#server-to-user-ada" as ChannelName, "1.1");
    await here.join(price, "1.1");
    await here.leave(price, "1.1");
    const [listed, rooms] = [await here.engine.channels(app, ""), await here.engine.channels(app, "presence-")];
    expect(listed.toSorted((a, b) => (a.channel < b.channel ? -1 : 1))).toEqual([
      { channel: news, subscriptions: 2, users: 0 },
      { channel: room, subscriptions: 2, users: 1 },
    ]);
    expect(rooms).toEqual([{ channel: room, subscriptions: 2, users: 1 }]);
    expect(await there.engine.users(app, room)).toEqual(["ada"]);
    expect(await there.engine.channel(app, news)).toEqual({ channel: news, subscriptions: 2, users: 0 });
  });

  test("[ENG8] an empty channel has zero counts and no users", async () => {
    const { here } = cluster();
    expect(await here.engine.channel(app, room)).toEqual({ channel: room, subscriptions: 0, users: 0 });
    expect(await here.engine.users(app, room)).toEqual([]);
  });
}

/** The counts that joins told, smallest first. */
function countsOf(joined: readonly Joined[]): number[] {
  return joined.flatMap((one) => (one === "full" ? [] : [one.subscriptions])).toSorted((a, b) => a - b);
}
