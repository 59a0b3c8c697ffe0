import type { ChannelName } from "@sealcast/protocol";
import { expect, test } from "vitest";
import type { ContractNodes } from "./contract-node.ts";
import { app, news, otherApp, price, room, socketOf } from "./publications.ts";

/** Who is on a channel, as entries, facts and queries report it. */
export function channelRules(cluster: () => ContractNodes): void {
  test("[OCC1] [OCC2] the first join occupies a channel and the last leave vacates it", async () => {
    const nodes = cluster();
    const { here, there } = nodes;
    expect(await here.join(news, "1.1")).toMatchObject({ subscriptions: 1, roster: undefined });
    expect(await there.join(news, "2.1")).toMatchObject({ subscriptions: 2 });
    await here.leave(news, "1.1");
    await there.leave(news, "2.1");
    expect(await here.join(news, "1.1")).toMatchObject({ subscriptions: 1 });
    await nodes.whenFacts(3);
    expect(nodes.facts().toSorted()).toEqual([`occupied ${news}`, `occupied ${news}`, `vacated ${news}`]);
    expect(nodes.counts(news).toSorted((a, b) => a - b)).toEqual([0, 1, 1, 1, 2]);
  });

  test("[OCC1] [OCC2] of many joins and leaves at once, one is the first and one the last", async () => {
    const nodes = cluster();
    const sockets = Array.from({ length: 40 }, (_, index) => `1.${index}`);
    const entries = await Promise.all(
      sockets.map(async (socket, index) => nodes.at(index).join(room, socket, `u${index % 4}`)),
    );
    const counts = entries.flatMap((entry) => (typeof entry === "object" ? [entry.subscriptions] : []));
    expect(counts.toSorted((a, b) => a - b)).toEqual(sockets.map((_, index) => index + 1));
    await Promise.all(sockets.map(async (socket, index) => nodes.at(index).leave(room, socket, `u${index % 4}`)));
    await nodes.whenFacts(10);
    const users = ["u0", "u1", "u2", "u3"];
    expect(nodes.facts().toSorted()).toEqual([
      ...users.map((user) => `member-added ${room} ${user}`),
      ...users.map((user) => `member-removed ${room} ${user}`),
      `occupied ${room}`,
      `vacated ${room}`,
    ]);
    expect(nodes.counts(room)).toHaveLength(80);
  });

  test("[OCC2] facts of a channel are in order", async () => {
    const { here } = cluster();
    await here.join(room, "1.1", "ada");
    await here.join(room, "1.2", "ada");
    await here.leave(room, "1.1", "ada");
    await here.leave(room, "1.2", "ada");
    await here.when(() => here.facts.length >= 8);
    expect(here.facts).toEqual([
      `occupied ${room}`,
      `member-added ${room} ada`,
      `subscription-count ${room} 1`,
      `subscription-count ${room} 2`,
      `subscription-count ${room} 1`,
      `member-removed ${room} ada`,
      `subscription-count ${room} 0`,
      `vacated ${room}`,
    ]);
  });

  test("[OCC4] a join that `enter` rejects leaves nothing behind", async () => {
    const nodes = cluster();
    const { here, there } = nodes;
    await there.join(room, "2.1", "bob");
    expect(await here.join(room, "1.1", "ada", { stays: false })).toBe("left");
    expect(await here.join(news, "1.1", undefined, { stays: false })).toBe("left");
    expect(await there.channels()).toEqual([{ channel: room, subscriptions: 1, users: 1 }]);
    await there.leave(room, "2.1", "bob");
    await there.when(() => there.facts.includes(`vacated ${room}`));
    for (const kind of ["occupied", "member-added"]) {
      const opposite = kind === "occupied" ? "vacated" : "member-removed";
      const all = nodes.facts();
      const count = (name: string): number => all.filter((fact) => fact.startsWith(`${name} `)).length;
      expect(count(kind)).toBe(count(opposite));
    }
  });

  test("[OCC6] a leave of a connection that is not on the channel changes nothing", async () => {
    const nodes = cluster();
    const { here, there } = nodes;
    await here.leave(news, "1.1");
    await here.join(room, "1.1", "ada");
    await there.leave(room, "2.1", "ada");
    expect(await there.engine.channel(app, room)).toEqual({ channel: room, subscriptions: 1, users: 1 });
    await here.leave(room, "1.1", "ada");
    await here.leave(room, "1.1", "ada");
    await nodes.whenFacts(4);
    expect(nodes.facts()).toHaveLength(4);
  });

  test("[OCC7] occupied channels are listed on every node, with their counts", async () => {
    const { here, there } = cluster();
    await here.join(news, "1.1");
    await there.join(news, "2.1");
    await there.join(room, "2.1", "ada");
    await there.join(room, "2.2", "ada");
    await here.join("#server-to-user-ada" as ChannelName, "1.1");
    await here.join(price, "1.1");
    await here.leave(price, "1.1");
    const listed = [
      { channel: news, subscriptions: 2, users: 0 },
      { channel: room, subscriptions: 2, users: 1 },
    ];
    expect(await here.channels()).toEqual(listed);
    expect(await there.channels()).toEqual(listed);
    expect(await here.channels("presence-")).toEqual(listed.slice(1));
    expect(await there.engine.members(app, room)).toEqual(["ada"]);
    expect(await there.engine.channel(app, news)).toEqual(listed[0]);
  });

  test("[OCC7] very many channels are listed, in pages of at most 1,000", async () => {
    const { here, there } = cluster();
    const names = Array.from({ length: 2_500 }, (_, index) => `room-${String(index).padStart(4, "0")}` as ChannelName);
    for (const name of names) await here.join(name, "1.1");
    const pages: number[] = [];
    for await (const page of there.engine.channels(app, "room-")) pages.push(page.length);
    expect(Math.max(...pages)).toBeLessThanOrEqual(1_000);
    expect((await there.channels("room-")).map(({ channel }) => channel)).toEqual(names);
  });

  test("[OCC7] an empty channel has zero counts and no users", async () => {
    const { here } = cluster();
    expect(await here.engine.channel(app, room)).toEqual({ channel: room, subscriptions: 0, users: 0 });
    expect(await here.engine.members(app, room)).toEqual([]);
  });

  test("[BROKER4] apps do not see each other's channels and users", async () => {
    const { here } = cluster();
    await here.join(news, "1.1");
    await here.signIn("ada" as never, "1.1");
    expect(await here.channels("", otherApp)).toEqual([]);
    expect(await here.online(["ada"], otherApp)).toEqual(new Set());
    await here.engine.leave(otherApp, news, socketOf("1.1"), undefined);
    expect(await here.channels()).toHaveLength(1);
  });
}
