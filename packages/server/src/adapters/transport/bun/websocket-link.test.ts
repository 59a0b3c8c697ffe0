import { setImmediate as nextTurn } from "node:timers/promises";
import { queryObjects } from "node:v8";
import { closeReasons } from "@sealcast/protocol";
import { FakeClock, silentLog, testSettings } from "@sealcast/server-testing";
import { expect, test } from "vitest";
import { OpenLinks } from "../links/open-links.ts";
import { TurnBudget } from "../links/turn-budget.ts";
import { FlushQueue } from "../outbox/flush-queue.ts";
import { BunBackPressure } from "./back-pressure.ts";
import type { BunServer, BunWebSocket } from "./bun-api.ts";
import { HeldMessages } from "./held-messages.ts";
import { BunLink } from "./websocket-link.ts";

const clock = new FakeClock();
const turns = new TurnBudget(clock);
const queue = new FlushQueue(testSettings(), clock, turns);
const links = new OpenLinks({ queue, turns, clock, log: silentLog });
const shared = { turns, pressure: new BunBackPressure(queue.backlogs, clock, turns), maxHeld: 100 };

/** Uses up the time for input in this turn. */
function takeTime(): void {
  turns.hasTime();
  clock.advance(5);
}

/** A link whose session notes the messages, and the end as its reason or "left". */
function open() {
  const noted: string[] = [];
  const ws: Pick<BunWebSocket, "readyState" | "close"> = { readyState: 1, close: () => undefined };
  const link = new BunLink(links, shared, {} as BunServer, ws as BunWebSocket);
  const request = { path: "/", query: "", origin: undefined, address: "", secure: false };
  const session = {
    receive: (text: string) => void noted.push(text),
    alive: () => undefined,
    closed: (reason?: { readonly message: string }) => void noted.push(reason?.message ?? "left"),
  };
  links.open(link, request, { open: () => session });
  return { link, noted };
}

function objectsForWaiting(): number {
  return queryObjects(HeldMessages, { format: "count" });
}

test("messages are passed on at once while there is time, and else in later turns, in order", async () => {
  const { link, noted } = open();
  link.message("a");
  takeTime();
  const later = Array.from({ length: 20 }, (_, index) => `${index}`);
  for (const text of later) link.message(text);
  link.ended();
  expect(noted).toEqual(["a"]);
  await expect.poll(() => noted).toEqual(["a", ...later, "left"]);
});

test("a connection is closed if too many of its messages wait, and none of them is passed on", async () => {
  const { link, noted } = open();
  takeTime();
  for (let count = 0; count <= shared.maxHeld; count += 1) link.message("late");
  expect(noted).toEqual([closeReasons.tooManyMessages.message]);
  await nextTurn();
  await nextTurn();
  expect(noted).toEqual([closeReasons.tooManyMessages.message]);
});

test("a connection takes memory for waiting messages only while some wait", async () => {
  const before = objectsForWaiting();
  const opened = Array.from({ length: 10 }, () => open());
  for (const { link } of opened) link.message("in time");
  expect(objectsForWaiting() - before).toBe(0);
  takeTime();
  const late = opened.slice(0, 3);
  for (const { link } of late) link.message("late");
  expect(objectsForWaiting() - before).toBe(3);
  await expect.poll(() => late.map(({ noted }) => noted.at(-1))).toEqual(["late", "late", "late"]);
  await expect.poll(objectsForWaiting).toBe(before);
});
