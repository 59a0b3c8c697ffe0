import { FakeClock, silentLog } from "@sealcast/server-testing";
import { expect, test } from "vitest";
import type { WebhookOffer } from "../core/webhooks/webhook-offer.ts";
import type { LogFields } from "../ports/log.ts";
import { WebhookIntake } from "./webhook-intake.ts";

function offer(text: string): WebhookOffer {
  const event = { text, targets: ["a"] };
  return { effect: "send", subject: undefined, channel: "x", event, opposite: undefined, delayMs: 0 };
}

class IntakeFixture {
  readonly clock = new FakeClock();
  readonly batches: string[][] = [];
  readonly numbers: (number | undefined)[][] = [];
  readonly lines: [string, LogFields | undefined][] = [];
  readonly answers: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  readonly intake = new WebhookIntake(
    (offers) => {
      this.batches.push(offers.map(({ event }) => event.text));
      this.numbers.push(offers.map(({ number }) => number));
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
  const fixture = new IntakeFixture();
  fixture.intake.add(offer("1"));
  fixture.intake.add(offer("2"));
  await fixture.pass(1);
  fixture.intake.add(offer("3"));
  fixture.intake.add(offer("4"));
  await fixture.pass(10);
  expect(fixture.batches).toEqual([["1", "2"]]);
  fixture.answers[0]?.resolve();
  await fixture.pass(0);
  expect(fixture.batches).toEqual([
    ["1", "2"],
    ["3", "4"],
  ]);
  let isSettled = false;
  void fixture.intake.settled().then(() => (isSettled = true));
  await fixture.pass(10);
  expect(isSettled).toBe(false);
  fixture.answers[1]?.resolve();
  await fixture.pass(0);
  expect(isSettled).toBe(true);
});

test("keeps a batch that was not taken, in order, and tries again after a second", async () => {
  const fixture = new IntakeFixture();
  fixture.intake.add(offer("1"));
  await fixture.pass(1);
  fixture.intake.add(offer("2"));
  fixture.answers[0]?.reject(new Error("disk full"));
  await fixture.pass(999);
  expect(fixture.batches).toHaveLength(1);
  expect(fixture.lines).toMatchObject([["webhook.queue_failed", { events: 1 }]]);
  await fixture.pass(1);
  expect(fixture.batches.at(-1)).toEqual(["1", "2"]);
  expect(fixture.numbers).toEqual([[1], [1, 2]]);
});

test("stays within its bound: the older half is discarded, counted and logged", async () => {
  const fixture = new IntakeFixture();
  fixture.intake.add(offer("first"));
  await fixture.pass(1);
  for (let index = 0; index < 18; index += 1) fixture.intake.add(offer(String(index).padEnd(1_000_000)));
  expect(fixture.lines).toEqual([["webhook.lost", { events: 9, reason: "the queue does not keep up" }]]);
  fixture.answers[0]?.resolve();
  await fixture.pass(0);
  expect(fixture.batches[1]?.map((text) => text.trim())).toEqual(["9", "10", "11", "12", "13", "14", "15", "16", "17"]);
});

test("gives up what it cannot hand over once it is closed", async () => {
  const fixture = new IntakeFixture();
  fixture.intake.add(offer("1"));
  await fixture.pass(1);
  fixture.intake.close();
  fixture.answers[0]?.reject(new Error("gone"));
  await fixture.intake.settled();
  expect(fixture.batches).toHaveLength(1);
});
