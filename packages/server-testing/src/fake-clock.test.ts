import { expect, test } from "vitest";
import { FakeClock } from "./fake-clock.ts";

test("time does not change until it is advanced", () => {
  const clock = new FakeClock(1_000);
  expect([clock.now(), clock.now()]).toEqual([1_000, 1_000]);
  clock.advance(5);
  expect(clock.now()).toBe(1_005);
});

test("tasks run at their own time, in its order", () => {
  const clock = new FakeClock(0);
  const ran: [string, number][] = [];
  const note = (name: string) => () => ran.push([name, clock.now()]);
  clock.after(30, note("later"));
  clock.after(10, note("soon"));
  clock.after(10, note("as soon"));
  clock.every(20, note("again"));
  clock.after(10, () => clock.after(5, note("follows")));
  clock.advance(40);
  expect(ran).toEqual([
    ["soon", 10],
    ["as soon", 10],
    ["follows", 15],
    ["again", 20],
    ["later", 30],
    ["again", 40],
  ]);
  expect(clock.now()).toBe(40);
});

test("a cancelled task does not run, and is not counted", () => {
  const clock = new FakeClock(0);
  let runs = 0;
  const cancel = clock.after(10, () => (runs += 1));
  const stop = clock.every(10, () => {
    runs += 1;
    stop();
  });
  expect(clock.timers).toBe(2);
  cancel();
  clock.advance(100);
  expect([runs, clock.timers]).toEqual([1, 0]);
});
