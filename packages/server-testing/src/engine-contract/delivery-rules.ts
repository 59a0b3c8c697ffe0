import { expect, test } from "vitest";
import type { Publication } from "@sealcast/server";
import type { ContractNodes } from "./contract-node.ts";
import { app, delivery, event, keptEvent, news, otherApp, price } from "./publications.ts";

/** What is published, and to whom it is delivered. */
export function deliveryRules(cluster: () => ContractNodes): void {
  test("[ENG2] an engine is ready once it has started", async () => {
    const { all, here } = cluster();
    expect(await here.engine.publish(app, [event(news, "a")])).not.toBe("unavailable");
    for (const { statuses } of all) expect(statuses.at(-1) ?? "ready").toBe("ready");
  });

  test("[BROKER1] [BROKER2] every node with subscribers gets a publication once", async () => {
    const { here, there } = cluster();
    await here.join(news, "1.1");
    await there.join(news, "2.1");
    await here.engine.publish(app, [event(news, "a"), event(news, "b")]);
    await there.engine.publish(app, [event(news, "c", "1.1")]);
    for (const node of [here, there]) {
      await node.whenReceived(3);
      expect(node.delivered).toEqual([delivery(news, "a"), delivery(news, "b"), delivery(news, "c", "1.1")]);
    }
  });

  test("[BROKER1] publications of one channel arrive in the order of publishing", async () => {
    const { here, there } = cluster();
    await there.join(news, "1.1");
    const messages = Array.from({ length: 200 }, (_, index) => String(index));
    await Promise.all(messages.map(async (message) => here.engine.publish(app, [event(news, message)])));
    await there.whenReceived(messages.length);
    expect(there.delivered.map(({ message }) => message)).toEqual(messages);
  });

  test("[BROKER3] when publishing resolves, subscribers on the publishing node have the message", async () => {
    const { here } = cluster();
    await here.join(news, "1.1");
    await here.engine.publish(app, [event(news, "a")]);
    expect(here.delivered).toEqual([delivery(news, "a")]);
  });

  test("[BROKER8] a publication with an id is published once, also if nodes repeat it at the same time", async () => {
    const { here, there, all } = cluster();
    await there.join(price, "1.1");
    const once: Publication = { ...keptEvent("once"), id: "order-1" };
    const plain: Publication = { ...event(price, "plain"), id: "order-2" };
    const answers = await Promise.all(
      all.flatMap(({ engine }) => [0, 1].map(async () => engine.publish(app, [once, plain]))),
    );
    await here.engine.publish(app, [once]);
    await here.engine.publish(app, [{ ...event(news, "elsewhere"), id: "order-1" }, event(price, "end")]);
    await there.whenDelivered("end");
    expect(there.delivered.map(({ message }) => message).toSorted()).toEqual(["end", "once", "plain"]);
    const [first] = answers;
    expect(first).toMatchObject([{ offset: 1 }, undefined]);
    for (const answer of answers) expect(answer).toEqual(first);
  });

  test("[BROKER8] of several nodes that publish the same at once, exactly one learns that it has published it", async () => {
    const { here, there, all } = cluster();
    await there.join(news, "1.1");
    const once: Publication = { ...event(news, "once"), id: "count 7" };
    const answers = await Promise.all(
      all.flatMap(({ engine }) => [0, 1].map(async () => engine.publishOnce(app, once))),
    );
    expect(answers.filter((isNew) => isNew !== false)).toEqual([true]);
    expect(await here.engine.publishOnce(app, { ...once, id: "count 8" })).toBe(true);
    await here.engine.publish(app, [event(news, "end")]);
    await there.whenDelivered("end");
    expect(there.delivered.map(({ message }) => message)).toEqual(["once", "once", "end"]);
  });

  test("[BROKER4] apps do not get each other's events", async () => {
    const { here } = cluster();
    await here.join(news, "1.1");
    await here.engine.publish(otherApp, [event(news, "other")]);
    await here.engine.publish(app, [event(news, "own")]);
    await here.whenReceived(1);
    expect(here.delivered).toEqual([delivery(news, "own")]);
  });

  test("[OCC3] [BROKER2] a subscriber gets everything published after its entry, and nothing from before", async () => {
    const { here, there } = cluster();
    await here.engine.publish(app, [event(news, "before")]);
    await here.join(news, "1.1");
    await there.engine.publish(app, [event(news, "after")]);
    await here.whenReceived(1);
    expect(here.delivered).toEqual([delivery(news, "after")]);
  });

  test("[OCC3] a subscriber gets what is published directly after its join, before the event loop continues", async () => {
    const { here } = cluster();
    const messages = Array.from({ length: 20 }, (_, index) => String(index));
    const joining = here.join(news, "1.1");
    const published = messages.map(async (message) => here.engine.publish(app, [event(news, message)]));
    await Promise.all([joining, ...published]);
    expect(here.deliveredTo("1.1").map(({ message }) => message)).toEqual(messages);
  });
}
