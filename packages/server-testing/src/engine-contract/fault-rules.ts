import type { UserId } from "@sealcast/protocol";
import { expect, test, vi } from "vitest";
import type { Engine } from "@sealcast/server";
import { departureOf, type ContractNodes } from "./contract-node.ts";
import { app, delivery, event, news, price, room, socketOf } from "./publications.ts";

const ada = "ada" as UserId;

/** What a cluster does about nodes that vanish and answers that are lost. */
export function faultRules(
  cluster: () => ContractNodes,
  kill: (node: Engine) => Promise<void>,
  loseNextAnswer: (node: Engine) => void,
): void {
  test("[OCC8] [OCC2] exactly one node gives up what a dead node held", async () => {
    const nodes = cluster();
    const { here, there, all } = nodes;
    await here.join(room, "1.1", "ada");
    await there.join(room, "2.1", "bob");
    await there.join(room, "2.2", "ada");
    await there.join(news, "2.3");
    await nodes.whenFacts(4);
    const before = nodes.facts().length;
    await kill(there.engine);
    await nodes.whenFacts(before + 2);
    expect(await here.channels()).toEqual([{ channel: room, subscriptions: 1, users: 1 }]);
    expect(await here.engine.members(app, room)).toEqual(["ada"]);
    await here.engine.publish(app, [event(room, "end")]);
    await here.whenDelivered("end");
    expect(here.deliveredTo("1.1").slice(-2)).toEqual([delivery(room, departureOf("bob")), delivery(room, "end")]);
    const survivors = all.filter((node) => node !== there).flatMap(({ facts }) => facts);
    expect(survivors.filter((fact) => /^(vacated|member-removed)/.test(fact)).toSorted()).toEqual([
      `member-removed ${room} bob`,
      `vacated ${news}`,
    ]);
    expect(survivors).toContain(`subscription-count ${room} 1`);
  });

  test("[DIR5] the users of a dead node are signed out, if they have no other connection", async () => {
    const { here, there } = cluster();
    await here.signIn(ada, "1.1");
    await there.signIn(ada, "2.1");
    await there.signIn("bob" as UserId, "2.2");
    await kill(there.engine);
    await here.when(() => here.changes.includes("bob offline"));
    expect(await here.online(["ada", "bob"])).toEqual(new Set(["ada"]));
    expect(here.changes).toEqual(["ada online", "bob online", "bob offline"]);
  });

  test("[QUOTA2] the connections of a dead node no longer count", async () => {
    const { here, there } = cluster();
    for (let count = 0; count < 5; count += 1) expect(await there.engine.admit(app, 5)).toBe(true);
    expect(await here.engine.admit(app, 5)).toBe(false);
    await kill(there.engine);
    await vi.waitFor(async () => expect(await here.engine.admit(app, 5)).toBe(true), { timeout: 10_000 });
  });

  test("[QUOTA1] an admission whose answer is lost counts once", async () => {
    const { here, there } = cluster();
    loseNextAnswer(here.engine);
    const admitted = await here.engine.admit(app, 3);
    await vi.waitFor(
      async () => {
        const others = [
          await there.engine.admit(app, 3),
          await there.engine.admit(app, 3),
          await there.engine.admit(app, 3),
        ];
        const count = [admitted, ...others].filter(Boolean).length;
        for (const isAdmitted of others) if (isAdmitted) await there.engine.release(app);
        expect(count).toBe(3);
      },
      { timeout: 10_000 },
    );
  });

  test("[OCC4] a join whose answer is lost is answered unavailable, and leaves nothing behind", async () => {
    const { here, there } = cluster();
    loseNextAnswer(here.engine);
    expect(await here.join(room, "1.1", "ada")).toBe("unavailable");
    await vi.waitFor(async () => expect(await there.channels()).toEqual([]));
    expect(await here.join(room, "1.1", "ada")).toMatchObject({ subscriptions: 1 });
  });

  test("[BROKER7] a publish whose answer is lost is answered unavailable, and is not delivered twice", async () => {
    const { here, there } = cluster();
    await there.join(price, "2.1");
    loseNextAnswer(here.engine);
    expect(await here.engine.publish(app, [event(price, "lost")])).toBe("unavailable");
    await here.engine.publish(app, [event(price, "end")]);
    await there.whenDelivered("end");
    const lost = there.delivered.filter(({ message }) => message === "lost");
    expect(lost.length).toBeLessThanOrEqual(1);
  });

  test("[ENG1] [DIR2] a sign-in whose answer is lost is answered unavailable, and undone", async () => {
    const { here, there } = cluster();
    loseNextAnswer(here.engine);
    expect(await here.signIn(ada, "1.1")).toBe("unavailable");
    expect(here.order).not.toContain("1.1 enters");
    await vi.waitFor(async () => expect(await there.online(["ada"])).toEqual(new Set()));
    await here.engine.signOut(app, ada, socketOf("1.1"));
  });
}
