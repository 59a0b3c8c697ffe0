import type { AppId } from "@sealcast/protocol";
import type { Position } from "@sealcast/server";
import { expect, test } from "vitest";
import type { ContractNodes } from "./contract-node.ts";
import { app, event, keptEvent, news, otherApp, price } from "./publications.ts";

/** Limits of an app that hold for all nodes together. */
export function limitRules(cluster: () => ContractNodes): void {
  test("[BROKER9] all nodes together publish as many events per second as the rate allows, and no others", async () => {
    const nodes = cluster();
    const { here } = nodes;
    const numbers = Array.from({ length: 40 }, (_, index) => String(index));
    const rate = { events: 1, perSecond: 15 };
    const { result, limited } = await withinOneSecond((own) =>
      Promise.all(
        numbers.map(async (number, index) => nodes.at(index).engine.publishWithin(own, [keptEvent(number, 99)], rate)),
      ),
    );
    const accepted = numbers.filter((_, index) => result[index] !== "too-many");
    expect(accepted).toHaveLength(15);
    const history = await here.engine.history(limited, price, { after: undefined, limit: 99 });
    const kept = history === "unavailable" ? [] : history.events.map(({ message }) => message);
    expect(kept.toSorted()).toEqual(accepted.toSorted());
  });

  test("[BROKER9] a request whose events do not fit changes nothing", async () => {
    const { here, there } = cluster();
    const three = ["a", "b", "c"].map((message) => keptEvent(message, 9));
    const { result } = await withinOneSecond(async (own) => [
      await here.engine.publishWithin(own, three, { events: 3, perSecond: 5 }),
      await there.engine.publishWithin(own, three, { events: 3, perSecond: 5 }),
      await here.engine.publishWithin(own, [keptEvent("d", 9)], { events: 1, perSecond: 5 }),
      await there.engine.publishWithin(own, three.slice(0, 2), { events: 2, perSecond: 5 }),
      await there.engine.publishWithin(own, [keptEvent("e", 9)], { events: 1, perSecond: 5 }),
      await here.engine.publishWithin(own, [keptEvent("f", 9)], { events: 1, perSecond: 5 }),
    ]);
    expect(result.map((answer) => (typeof answer === "string" ? answer : offsetsOf(answer)))).toEqual([
      [1, 2, 3],
      "too-many",
      [4],
      "too-many",
      [5],
      "too-many",
    ]);
  });

  test("[BROKER9] more events than the rate fit into a second of their own; each app has its own rate", async () => {
    const { here, there } = cluster();
    const rate = { events: 9, perSecond: 2 };
    const { result } = await withinOneSecond(async (own) => [
      await here.engine.publishWithin(own, [event(price, "a")], rate),
      await there.engine.publishWithin(own, [event(price, "b")], rate),
      await there.engine.publishWithin(otherApp, [event(news, "c")], { events: 1, perSecond: 2 }),
    ]);
    expect(result.map((answer) => answer === "too-many")).toEqual([false, true, false]);
  });

  test("[QUOTA1] all nodes together admit as many connections as an app may have", async () => {
    const nodes = cluster();
    const numbers = Array.from({ length: 30 }, (_, index) => index);
    const admitted = await Promise.all(numbers.map(async (number) => nodes.at(number).engine.admit(app, 10)));
    expect(admitted.filter(Boolean)).toHaveLength(10);
    expect(await nodes.here.engine.admit(otherApp, 10)).toBe(true);
    for (const [number, isAdmitted] of admitted.entries()) if (isAdmitted) await nodes.at(number).engine.release(app);
    const again = await Promise.all(numbers.map(async (number) => nodes.at(number).engine.admit(app, 12)));
    expect(again.filter(Boolean)).toHaveLength(12);
  });
}

/** Runs work with an app of its own, and again with another one if it took so long that it may have spread over two seconds. */
async function withinOneSecond<T>(
  work: (limited: AppId) => Promise<T>,
): Promise<{ readonly result: T; readonly limited: AppId }> {
  for (let attempt = 1; ; attempt += 1) {
    const limited = `limited-${attempt}` as AppId;
    const start = performance.now();
    const result = await work(limited);
    if (performance.now() - start < 800) return { result, limited };
  }
}

function offsetsOf(positions: readonly (Position | undefined)[]): (number | undefined)[] {
  return positions.map((position) => position?.offset);
}
