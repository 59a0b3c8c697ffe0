import { FakeClock, silentLog } from "@sealcast/server-testing";
import { expect, test } from "vitest";
import type { WebhookOffer } from "../core/webhook-offer.ts";
import type { LogFields } from "../ports/log.ts";
import { WebhookIntake } from "./webhook-intake.ts";

function offer(text: string): WebhookOffer {
  const event = { text, targets: ["a"] };
  return { effect: "send", subject: undefined, channel: "x", event, opposite: undefined, delayMs: 0 };
}

class Scene {
  readonly clock = new FakeClock();
  readonly batches: string[][] = [];
  readonly lines: [string, LogFields | undefined][] = [];
  readonly answers: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  readonly intake = new WebhookIntake(
    (offers) => {
      this.batches.push(offers.map(({ event }) => event.text));
      return new Promise((resolve, reject) => this.answers.push({ resolve, reject }));
    },
    this.clock,
    { ...silentLog, error: (event, fields) => void this.lines.push([event, fields]) },
  );

  async pass(ms: number): Promise<void> {
    await turn();
    this.clock.advance(ms);
    await turn();
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("hands over one batch at a time; what comes meanwhile is the next", async () => {
  const scene = new Scene();
  scene.intake.add(offer("1"));
  scene.intake.add(offer("2"));
  await scene.pass(1);
  scene.intake.add(offer("3"));
  scene.intake.add(offer("4"));
  await scene.pass(10);
  expect(scene.batches).toEqual([["1", "2"]]);
  scene.answers[0]?.resolve();
  await scene.pass(0);
  expect(scene.batches).toEqual([
    ["1", "2"],
    ["3", "4"],
  ]);
  let isSettled = false;
  void scene.intake.settled().then(() => (isSettled = true));
  await scene.pass(10);
  expect(isSettled).toBe(false);
  scene.answers[1]?.resolve();
  await scene.pass(0);
  expect(isSettled).toBe(true);
});

test("keeps a batch that was not taken, in order, and tries again after a second", async () => {
  const scene = new Scene();
  scene.intake.add(offer("1"));
  await scene.pass(1);
  scene.intake.add(offer("2"));
  scene.answers[0]?.reject(new Error("disk full"));
  await scene.pass(999);
  expect(scene.batches).toHaveLength(1);
  expect(scene.lines).toMatchObject([["webhook.queue_failed", { events: 1 }]]);
  await scene.pass(1);
  expect(scene.batches.at(-1)).toEqual(["1", "2"]);
});

test("stays within its bound: the older half is discarded, counted and logged", async () => {
  const scene = new Scene();
  scene.intake.add(offer("first"));
  await scene.pass(1);
  for (let index = 0; index < 18; index += 1) scene.intake.add(offer(String(index).padEnd(1_000_000)));
  expect(scene.lines).toEqual([["webhook.lost", { events: 9, reason: "the queue does not keep up" }]]);
  scene.answers[0]?.resolve();
  await scene.pass(0);
  expect(scene.batches[1]?.map((text) => text.trim())).toEqual(["9", "10", "11", "12", "13", "14", "15", "16", "17"]);
});

test("gives up what it cannot hand over once it is closed", async () => {
  const scene = new Scene();
  scene.intake.add(offer("1"));
  await scene.pass(1);
  scene.intake.close();
  scene.answers[0]?.reject(new Error("gone"));
  await scene.intake.settled();
  expect(scene.batches).toHaveLength(1);
});
