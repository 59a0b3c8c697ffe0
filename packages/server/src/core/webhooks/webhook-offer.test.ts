import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { releaseSubject, stepSubject, type WebhookOffer, type WebhookSubject } from "./webhook-offer.ts";

const arrival = { text: "in", targets: ["t"] };
const departure = { text: "out", targets: ["t"] };
const common = { subject: "x", channel: "x" } as const;

function appear(order: number): WebhookOffer {
  return { ...common, effect: "appear", event: arrival, opposite: departure, delayMs: 0, order };
}

function disappear(order: number): WebhookOffer {
  return { ...common, effect: "disappear", event: departure, opposite: undefined, delayMs: 3_000, order };
}

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
    subject = releaseSubject(subject, subject.dueMs);
  }
  return { sent, subject };
}

describe("offers that may overtake each other", () => {
  test("[HOOK4] give the same in every order: the arrival if the subject is there in the end, else nothing or both", () => {
    const orders = fc
      .integer({ min: 1, max: 12 })
      .chain((length) => fc.shuffledSubarray([...Array(length).keys()], { minLength: length }))
      .chain((order) => fc.tuple(fc.constant(order), fc.array(fc.constantFrom(...order), { maxLength: 12 })));
    fc.assert(
      fc.property(orders, ([order, repeated]) => {
        const offers = [...order, ...repeated].map((index) => (index % 2 === 0 ? appear(index) : disappear(index)));
        const { sent, subject } = sentOf(offers, 0);
        const isThere = order.length % 2 === 1;
        expect(subject?.kind === "present").toBe(isThere);
        expect(isThere ? [["in"]] : [[], ["in", "out"], ["out"]]).toContainEqual(sent);
      }),
    );
  });

  test("[HOOK4] a page reload whose arrival comes first sends nothing", () => {
    const { subject } = sentOf([appear(1)], 0);
    expect(sentOf([appear(3), disappear(2)], 1_000, subject)).toMatchObject({ sent: [], subject: { kind: "present" } });
    expect(sentOf([disappear(2), appear(3)], 1_000, subject)).toMatchObject({ sent: [], subject: { kind: "present" } });
  });

  test("[HOOK4] a departure that never comes changes nothing", () => {
    const { subject } = sentOf([appear(1), appear(3)], 0);
    expect(sentOf([disappear(4)], 1, subject).sent).toEqual(["out"]);
  });

  test("[HOOK4] a departure that is reported twice, because old data brought the subject back, takes back no later arrival", () => {
    const { subject } = sentOf([appear(1)], 0);
    expect(sentOf([disappear(2), disappear(3), appear(4)], 0, subject)).toMatchObject({
      sent: [],
      subject: { kind: "present" },
    });
  });

  test("[HOOK4] a departure of what nobody reported is sent unless its arrival still comes", () => {
    expect(sentOf([disappear(2)], 0).sent).toEqual(["out"]);
    expect(sentOf([disappear(2), appear(1)], 0)).toMatchObject({ sent: [], subject: { kind: "quiet" } });
  });

  test("[HOOK4] an arrival after a departure of what nobody reported is sent", () => {
    expect(sentOf([disappear(1), appear(2)], 0)).toMatchObject({ sent: ["in"], subject: { kind: "present" } });
  });

  test("[HOOK4] after a departure was sent, its arrival and departures are not sent any more; a later arrival is", () => {
    const { subject } = sentOf([disappear(2)], 0);
    expect(sentOf([appear(1), disappear(2), disappear(3)], 5_000, subject).sent).toEqual([]);
    expect(sentOf([disappear(3), appear(4)], 5_000, subject).sent).toEqual(["in"]);
  });

  test("[HOOK4] the departure is forgotten after ten seconds", () => {
    const { subject } = sentOf([disappear(2)], 0);
    expect(subject?.dueMs).toBe(13_000);
    expect(subject && releaseSubject(subject, 13_000)).toBeUndefined();
  });
});
