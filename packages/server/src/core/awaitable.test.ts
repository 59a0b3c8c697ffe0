import { describe, expect, test } from "vitest";
import { inBackground, andThen } from "./awaitable.ts";

describe("a value now or later", () => {
  test("goes on at once with a value that is there", () => {
    const seen: string[] = [];
    const answer = andThen(1, (value) => {
      seen.push("went on");
      return value + 1;
    });
    seen.push("returned");
    expect([answer, seen]).toEqual([2, ["went on", "returned"]]);
  });

  test("goes on later with a value that comes later", async () => {
    const answer = andThen(Promise.resolve(1), (value) => value + 1);
    expect(answer).toBeInstanceOf(Promise);
    expect(await answer).toBe(2);
  });

  test("fails as the value does, or does what is to be done instead", async () => {
    const failure = new Error("lost");
    await expect(andThen(Promise.reject(failure), () => 1)).rejects.toBe(failure);
    expect(
      await andThen(
        Promise.reject(failure),
        () => 1,
        (error) => (error === failure ? 2 : 3),
      ),
    ).toBe(2);
  });

  test("a failure while going on is not taken for one of the value", async () => {
    const failure = new Error("lost");
    const answer = andThen(
      Promise.resolve(1),
      () => Promise.reject<number>(failure),
      () => 2,
    );
    await expect(answer).rejects.toBe(failure);
  });

  test("what goes on inBackground may fail without ending the process", async () => {
    const failures: unknown[] = [];
    const failure = new Error("lost");
    const work = Promise.reject(failure);
    inBackground(work, (error) => failures.push(error));
    inBackground(Promise.resolve(), (error) => failures.push(error));
    inBackground(undefined, (error) => failures.push(error));
    await work.catch(() => undefined);
    expect(failures).toEqual([failure]);
  });
});
