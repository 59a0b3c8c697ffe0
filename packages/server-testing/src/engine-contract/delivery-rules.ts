import type { AppId, UserId } from "@sealcast/protocol";
import { expect, test } from "vitest";
import type { ContractNodes } from "./contract-node.ts";
import { app, cachedEvent, delivery, event, keptEvent, news, price, socketOf } from "./publications.ts";

const otherApp = "1002" as AppId;

/** What is published, to whom it is delivered, and what is kept of it. */
export function deliveryRules(cluster: () => ContractNodes): void {
  test("[ENG1] [ENG2] every node with subscribers gets a publication once", async () => {
    const { here, there } = cluster();
    await here.join(news, "1.1");
    await there.join(news, "2.1");
    await here.engine.publish(app, [event(news, "a"), event(news, "b")]);
    await there.engine.publish(app, [event(news, "c", "1.1")]);
    for (const node of [here, there]) {
      await node.heard(3);
      expect(node.delivered).toEqual([delivery(news, "a"), delivery(news, "b"), delivery(news, "c", "1.1")]);
    }
  });

  test("[ENG1] publications of one channel arrive in the order of publishing", async () => {
    const { here, there } = cluster();
    await there.join(news, "1.1");
    const messages = Array.from({ length: 200 }, (_, index) => String(index));
    await Promise.all(messages.map(async (message) => here.engine.publish(app, [event(news, message)])));
    await there.heard(messages.length);
    expect(there.delivered.map(({ message }) => message)).toEqual(messages);
  });

  test("[ENG1] a publisher's own subscribers have the message when publishing resolves", async () => {
    const { here } = cluster();
    await here.join(news, "1.1");
    await here.engine.publish(app, [event(news, "a")]);
    expect(here.delivered).toEqual([delivery(news, "a")]);
  });

  test("[ENG1] apps hear nothing of each other", async () => {
    const { here } = cluster();
    await here.join(news, "1.1");
    await here.engine.publish(otherApp, [event(news, "other")]);
    await here.engine.publish(app, [event(news, "own")]);
    await here.heard(1);
    expect(here.delivered).toEqual([delivery(news, "own")]);
    expect(await here.engine.channels(otherApp, "")).toEqual([]);
    await here.engine.signIn(app, "ada" as UserId, socketOf("1.1"));
    expect(await here.engine.online(otherApp, ["ada"])).toEqual(new Set());
  });

  test("[ENG2] [ENG4] a join hears everything that was published after it, and nothing from before", async () => {
    const { here, there } = cluster();
    await here.engine.publish(app, [event(news, "before")]);
    await here.join(news, "1.1");
    await there.engine.publish(app, [event(news, "after")]);
    await here.heard(1);
    expect(here.delivered).toEqual([delivery(news, "after")]);
  });

  test("[ENG4] a join gets the last event that the channel keeps", async () => {
    const { here, there } = cluster();
    expect(await here.join(price, "1.1")).toMatchObject({ cached: undefined });
    await here.engine.publish(app, [keptEvent("first")]);
    await there.engine.publish(app, [keptEvent("last")]);
    await there.engine.publish(app, [event(price, "not kept")]);
    await here.heard(3);
    expect(await here.join(price, "1.2")).toMatchObject({ cached: cachedEvent("last") });
    expect(await there.engine.cached(app, price)).toEqual(cachedEvent("last"));
    expect(await there.engine.cached(otherApp, price)).toBeUndefined();
  });

  test("[ENG4] a join among publications misses none after the kept one, and gets none twice", async () => {
    const { here, there } = cluster();
    const messages = Array.from({ length: 60 }, (_, index) => String(index));
    const publish = async (message: string): Promise<void> => there.engine.publish(app, [keptEvent(message)]);
    await here.join(price, "1.0");
    const before = messages.slice(0, 30).map(publish);
    const joining = here.join(price, "1.1");
    const after = messages.slice(30).map(publish);
    await Promise.all([...before, ...after]);
    const joined = await joining;
    const kept = joined === "full" ? undefined : joined.cached?.message;
    const missing = messages.slice(kept === undefined ? 0 : Number(kept) + 1);
    await here.heard(messages.length);
    expect(here.deliveredTo("1.0").map(({ message }) => message)).toEqual(messages);
    expect(here.deliveredTo("1.1").map(({ message }) => message)).toEqual(missing);
  });

  test("[ENG4] the kept event outlives the last subscriber, but not its time", async () => {
    const { here, there } = cluster();
    await here.join(price, "1.1");
    await here.engine.publish(app, [keptEvent("a")]);
    await here.leave(price, "1.1");
    expect(await there.engine.cached(app, price)).toEqual(cachedEvent("a"));
    await here.engine.publish(app, [{ ...event(price, "b"), cache: { ...cachedEvent("b"), expiresAtMs: 1 } }]);
    expect(await there.engine.cached(app, price)).toBeUndefined();
    expect(await there.join(price, "1.1")).toMatchObject({ cached: undefined });
  });
}
