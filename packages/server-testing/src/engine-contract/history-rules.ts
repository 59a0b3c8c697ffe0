import { expect, test } from "vitest";
import type { History, KeptEvent } from "@sealcast/server";
import type { ContractNodes } from "./contract-node.ts";
import { app, event, keptEvent, news, otherApp, price } from "./publications.ts";

const latest = { after: undefined, limit: 1 } as const;

/** What channels keep of their events, and the positions of these events. */
export function historyRules(cluster: () => ContractNodes): void {
  test("[BROKER6] a cache channel keeps its last event, for new subscribers and for queries", async () => {
    const { here, there } = cluster();
    expect(await here.join(price, "1.1", undefined, { history: latest })).toMatchObject({
      history: { events: [], last: undefined, gap: false },
    });
    await here.engine.publish(app, [keptEvent("first")]);
    await there.engine.publish(app, [keptEvent("last")]);
    await there.engine.publish(app, [event(price, "not kept")]);
    await here.whenReceived(3);
    expect(await here.join(price, "1.2", undefined, { history: latest })).toMatchObject({
      history: { events: [{ message: "last" }], gap: false },
    });
    expect(messagesOf(await there.engine.history(app, price, latest))).toEqual(["last"]);
    expect(messagesOf(await there.engine.history(otherApp, price, latest))).toEqual([]);
    expect(messagesOf(await there.engine.history(app, news, latest))).toEqual([]);
  });

  test("[BROKER5] positions are consecutive in the order of delivery, in answers, deliveries and history", async () => {
    const { here, there } = cluster();
    await there.join(price, "1.1");
    const messages = Array.from({ length: 30 }, (_, index) => String(index));
    const answers = await Promise.all(
      messages.map(async (message, index) =>
        (index % 2 === 0 ? here : there).engine.publish(app, [keptEvent(message, 100), event(news, "not kept")]),
      ),
    );
    await there.whenReceived(messages.length);
    expect(there.positions.map((position) => position?.offset)).toEqual(messages.map((_, index) => index + 1));
    expect(new Set(there.positions.map((position) => position?.epoch)).size).toBe(1);
    const kept = eventsOf(await here.engine.history(app, price, { after: undefined, limit: 100 }));
    expect(kept.map(({ message }) => message)).toEqual(there.delivered.map(({ message }) => message));
    expect(kept.map(({ position }) => position)).toEqual(there.positions);
    for (const answer of answers) {
      expect(there.positions).toContainEqual(answer === "unavailable" ? answer : answer[0]);
      expect(answer[1]).toBeUndefined();
    }
  });

  test("[BROKER5] [BROKER6] history after a position is what came after it, from its beginning or up to a limit", async () => {
    const { here } = cluster();
    const positions = [];
    for (const message of ["a", "b", "c", "d"]) {
      const answer = await here.engine.publish(app, [keptEvent(message, 3)]);
      positions.push(answer === "unavailable" ? undefined : answer[0]);
    }
    const [first, second, third, fourth] = positions;
    const after = async (position = fourth, limit = 10): Promise<History> =>
      historyOf(await here.engine.history(app, price, { after: position, limit }));
    expect(messagesOf(await after(third))).toEqual(["d"]);
    expect(messagesOf(await after(second, 1))).toEqual(["c"]);
    expect(await after(fourth)).toEqual({ events: [], last: fourth, gap: false });
    expect(messagesOf(await after(first))).toEqual(["b", "c", "d"]);
    expect(await after(first)).toMatchObject({ gap: false, last: fourth });
    expect(messagesOf(await here.engine.history(app, price, { after: undefined, limit: 2 }))).toEqual(["c", "d"]);
  });

  test("[BROKER6] what is no longer kept, or comes from another epoch or from the future, is a gap", async () => {
    const { here } = cluster();
    for (const message of ["a", "b", "c", "d"]) await here.engine.publish(app, [keptEvent(message, 2)]);
    const { last } = historyOf(await here.engine.history(app, price, latest));
    const epoch = last?.epoch ?? "";
    for (const after of [
      { epoch, offset: 1 },
      { epoch, offset: 0 },
      { epoch, offset: 5 },
      { epoch: "another", offset: 4 },
    ]) {
      const history = historyOf(await here.engine.history(app, price, { after, limit: 10 }));
      expect(history).toMatchObject({ gap: true, last });
      expect(messagesOf(history)).toEqual(["c", "d"]);
    }
    expect(await here.engine.history(app, news, { after: { epoch, offset: 1 }, limit: 1 })).toMatchObject({
      gap: true,
    });
  });

  test("[BROKER6] a subscription begins positions, so that the first event after it can be recovered", async () => {
    const { here, there } = cluster();
    const entry = await here.join(price, "1.1", undefined, { history: { ...latest, begin: true } });
    const begin = typeof entry === "object" ? entry.history?.last : undefined;
    expect(begin).toMatchObject({ offset: 0 });
    expect(await there.join(price, "2.1", undefined, { history: { ...latest, begin: true } })).toMatchObject({
      history: { last: begin },
    });
    await there.engine.publish(app, [keptEvent("first")]);
    const history = historyOf(await there.engine.history(app, price, { after: begin, limit: 10 }));
    expect({ gap: history.gap, messages: messagesOf(history) }).toEqual({ gap: false, messages: ["first"] });
  });

  test("[BROKER6] on a quiet channel nothing is missed, also after its events have expired", async () => {
    const { here } = cluster();
    await here.join(price, "1.1", undefined, { history: { ...latest, begin: true } });
    await here.engine.publish(app, [{ ...event(price, "a"), keep: { count: 1, ttlSeconds: 0 } }]);
    const { last } = historyOf(await here.engine.history(app, price, latest));
    expect(last).toMatchObject({ offset: 1 });
    const history = await here.engine.history(app, price, { after: last, limit: 10 });
    expect(history).toEqual({ events: [], last, gap: false });
  });

  test("[OCC3] a join among publications misses none after the kept ones, and gets none twice", async () => {
    const { here, there } = cluster();
    const messages = Array.from({ length: 60 }, (_, index) => String(index));
    const publish = async (message: string): Promise<unknown> => there.engine.publish(app, [keptEvent(message, 5)]);
    await here.join(price, "1.0");
    const before = messages.slice(0, 30).map(publish);
    const joining = here.join(price, "1.1", undefined, { history: { after: undefined, limit: 5 } });
    const after = messages.slice(30).map(publish);
    await Promise.all([...before, ...after]);
    const entry = await joining;
    const kept = typeof entry === "object" ? messagesOf(entry.history ?? "unavailable") : [];
    await here.whenReceived(messages.length);
    expect(here.deliveredTo("1.0").map(({ message }) => message)).toEqual(messages);
    const seen = [...kept, ...here.deliveredTo("1.1").map(({ message }) => message)];
    expect(seen).toEqual(messages.slice(-seen.length));
    expect(kept.length).toBeLessThanOrEqual(5);
  });

  test("[BROKER5] kept events outlive the last subscriber, but not their time", async () => {
    const { here, there } = cluster();
    await here.join(price, "1.1");
    await here.engine.publish(app, [keptEvent("a")]);
    await here.leave(price, "1.1");
    const [kept] = eventsOf(await there.engine.history(app, price, latest));
    expect(kept?.expiresInMs).toBeGreaterThan(3_500_000);
    expect(kept?.expiresInMs).toBeLessThanOrEqual(3_600_000);
    await here.engine.publish(app, [{ ...event(price, "b"), keep: { count: 1, ttlSeconds: 0 } }]);
    expect(messagesOf(await there.engine.history(app, price, latest))).toEqual([]);
    expect(await there.join(price, "1.1", undefined, { history: latest })).toMatchObject({ history: { events: [] } });
  });
}

function historyOf(answer: History | "unavailable"): History {
  if (answer === "unavailable") throw new Error("The engine is unavailable");
  return answer;
}

function eventsOf(answer: History | "unavailable"): readonly KeptEvent[] {
  return historyOf(answer).events;
}

function messagesOf(answer: History | "unavailable"): string[] {
  return eventsOf(answer).map(({ message }) => message);
}
