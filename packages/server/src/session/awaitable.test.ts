import { describe, expect, test } from "vitest";
import { aside, whenReady } from "./awaitable.ts";

describe("a value now or later", () => {
  test("goes on at once with a value that is there", () => {
    const seen: string[] = [];
    const answer = whenReady(1, (value) => {
      seen.push("went on");
      return value + 1;
    });
    seen.push("returned");
    expect([answer, seen]).toEqual([2, ["went on", "returned"]]);
  });

  test("goes on later with a value that comes later", async () => {
    const answer = whenReady(Promise.resolve(1), (value) => value + 1);
    expect(answer).toBeInstanceOf(Promise);
    expect(await answer).toBe(2);
  });

  test("fails as the value does, or does what is to be done instead", async () => {
    const failure = new Error("lost");
    await expect(whenReady(Promise.reject(failure), () => 1)).rejects.toBe(failure);
    expect(
      await whenReady(
        Promise.reject(failure),
        () => 1,
        (error) => (error === failure ? 2 : 3),
      ),
    ).toBe(2);
  });

  test("a failure while going on is not taken for one of the value", async () => {
    const failure = new Error("lost");
    const answer = whenReady(
      Promise.resolve(1),
      () => Promise.reject<number>(failure),
      () => 2,
    );
    await expect(answer).rejects.toBe(failure);
  });

  test("what goes on aside may fail without ending the process", async () => {
    const failures: unknown[] = [];
    const failure = new Error("lost");
    const work = Promise.reject(failure);
    aside(work, (error) => failures.push(error));
    aside(Promise.resolve(), (error) => failures.push(error));
    aside(undefined, (error) => failures.push(error));
    await work.catch(() => undefined);
    expect(failures).toEqual([failure]);
  });
});
