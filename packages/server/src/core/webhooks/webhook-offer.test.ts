import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stepSubject, type WebhookOffer, type WebhookSubject } from "./webhook-offer.ts";

const arrival = { text: "in", targets: ["t"] };
const departure = { text: "out", targets: ["t"] };
const common = { subject: "x", channel: "x", mayOvertake: true } as const;
const appear: WebhookOffer = { ...common, effect: "appear", event: arrival, opposite: departure, delayMs: 0 };
const disappear: WebhookOffer = {
  ...common,
  effect: "disappear",
  event: departure,
  opposite: undefined,
  delayMs: 3_000,
};

/** What a queue sends of offers that come at once, and then of what it holds back. */
function sentOf(offers: readonly WebhookOffer[], nowMs: number, before?: WebhookSubject) {
  let subject = before;
  const sent: string[] = [];
  for (const offer of offers) {
    const step = stepSubject(subject, offer, nowMs);
    subject = step.subject;
    if (step.send) sent.push(offer.event.text);
  }
  if (subject?.kind === "leaving") {
    sent.push(subject.held.text);
    subject = undefined;
  }
  return { sent, subject };
}

describe("offers that may overtake each other", () => {
  test("[HOOK4] give the same in every order: the arrival if the subject is there in the end, else nothing or both", () => {
    const orders = fc
      .integer({ min: 1, max: 12 })
      .chain((length) => fc.shuffledSubarray([...Array(length).keys()], { minLength: length }));
    fc.assert(
      fc.property(orders, (order) => {
        const offers = order.map((index) => (index % 2 === 0 ? appear : disappear));
        const { sent, subject } = sentOf(offers, 0);
        const isThere = order.length % 2 === 1;
        expect(subject?.kind).toBe(isThere ? "present" : undefined);
        expect(isThere ? [["in"]] : [[], ["in", "out"]]).toContainEqual(sent);
      }),
    );
  });

  test("[HOOK4] a page reload whose arrival comes first sends nothing", () => {
    const { subject } = sentOf([appear], 0);
    expect(sentOf([appear, disappear], 1_000, subject)).toMatchObject({ sent: [], subject: { kind: "present" } });
    expect(sentOf([disappear, appear], 1_000, subject)).toMatchObject({ sent: [], subject: { kind: "present" } });
  });

  test("[HOOK4] a departure that never comes is forgotten after ten seconds", () => {
    const { subject } = sentOf([appear, appear], 0);
    expect(sentOf([disappear], 10_000, subject).sent).toEqual([]);
    expect(sentOf([disappear], 10_001, subject).sent).toEqual(["out"]);
  });

  test("[HOOK4] a departure of what nobody reported is sent unless the arrival still comes", () => {
    expect(sentOf([disappear], 0).sent).toEqual(["out"]);
    expect(sentOf([disappear, appear], 0)).toEqual({ sent: [], subject: undefined });
  });
});
