/**
 * How a queue treats an event, given what it knows of the event's subject (a channel that is occupied, a user on a
 * channel, a channel's count, a channel's empty cache).
 * - `send`: sent; what was held back for the subject is dropped.
 * - `appear`: the subject is there. Sent, unless it was there already or came back within its grace period.
 * - `disappear`: the subject is gone. Held back for `delayMs`, then sent unless it came back.
 * - `sample`: the latest event is sent `delayMs` after the first; those in between are dropped.
 * - `once`: sent; others of the subject are dropped for `delayMs`.
 */
export type WebhookEffect = "send" | "appear" | "disappear" | "sample" | "once";

/** An encoded event and the targets that receive it. */
export interface WebhookText {
  /** The event as `encodeWebhookEvent` writes it. */
  readonly text: string;
  /** Ids of targets. May be empty: the subject is still followed. */
  readonly targets: readonly string[];
}

/** One event on its way into a queue. */
export interface WebhookOffer {
  readonly effect: WebhookEffect;
  /** What the event is about, unique among all apps. Undefined: events that nothing replaces; `effect` is then "send". */
  readonly subject: string | undefined;
  readonly channel: string;
  readonly event: WebhookText;
  /** Of `appear`: the event that reports the subject gone, in case the server never sees it go. */
  readonly opposite: WebhookText | undefined;
  /** Milliseconds that the effect names; 0 where it names none. */
  readonly delayMs: number;
  /**
   * Whether offers about one subject may come in another order than they happened, because several processes make them.
   */
  readonly mayOvertake?: true;
}

/** What a queue knows of a subject. */
export type WebhookSubject =
  | {
      readonly kind: "present";
      readonly dueMs: undefined;
      readonly held: WebhookText;
      /** How often it appeared although it was there: so many departures are still on their way. */
      readonly again?: number;
      /** When that happened last. */
      readonly againMs?: number;
    }
  | {
      readonly kind: "leaving";
      readonly dueMs: number;
      readonly held: WebhookText;
      /** Arrivals minus departures: 0, or less while arrivals are still on their way. Undefined: 0. */
      readonly count?: number;
      /** Its arrival was not sent. */
      readonly isUnreported?: true;
    }
  | { readonly kind: "sampled"; readonly dueMs: number; readonly held: WebhookText }
  | { readonly kind: "quiet"; readonly dueMs: number; readonly held: undefined };

/** The subject after an offer (undefined: nothing to remember), and whether the offered event is sent now. */
export interface WebhookStep {
  readonly subject: WebhookSubject | undefined;
  readonly send: boolean;
}

/**
 * Decides what becomes of an offered event. For one subject, `appear` and `disappear` alternate.
 *
 * @param subject what the queue knows of the offer's subject, if anything.
 */
export function stepSubject(subject: WebhookSubject | undefined, offer: WebhookOffer, nowMs: number): WebhookStep {
  const { event } = offer;
  const dueMs = nowMs + offer.delayMs;
  if (offer.mayOvertake === true && (offer.effect === "appear" || offer.effect === "disappear")) {
    return stepCounted(subject, offer, nowMs);
  }
  switch (offer.effect) {
    case "send":
      return { subject: undefined, send: true };
    case "appear":
      return {
        subject: { kind: "present", dueMs: undefined, held: offer.opposite ?? event },
        send: subject === undefined,
      };
    case "disappear":
      return { subject: subject?.kind === "leaving" ? subject : { kind: "leaving", dueMs, held: event }, send: false };
    case "sample":
      return { subject: { kind: "sampled", dueMs: subject?.dueMs ?? dueMs, held: event }, send: false };
    case "once":
      return subject === undefined
        ? { subject: { kind: "quiet", dueMs, held: undefined }, send: true }
        : { subject, send: false };
  }
}

/** For how long an offer may be on its way after one that happened later, in milliseconds. Our choice. */
const overtakeMs = 10_000;

/**
 * Decides for an arrival or a departure that may have overtaken others. Arrivals and departures are counted, so that their order
 * does not matter; only `appear` and `disappear` come here.
 */
function stepCounted(subject: WebhookSubject | undefined, offer: WebhookOffer, nowMs: number): WebhookStep {
  const { effect, event, opposite = event, delayMs } = offer;
  const appears = effect === "appear";
  const count = countOf(subject, nowMs) + (appears ? 1 : -1);
  const isReported = subject?.kind === "present" || (subject?.kind === "leaving" && subject.isUnreported !== true);
  // What is to be sent if the subject leaves.
  const held = appears ? opposite : event;
  if (count >= 1) {
    const againMs = appears || subject?.kind !== "present" ? nowMs : subject.againMs;
    const again = count > 1 && againMs !== undefined ? { again: count - 1, againMs } : {};
    return { subject: { kind: "present", dueMs: undefined, held, ...again }, send: !isReported };
  }
  if (count === 0 && !isReported) return { subject: undefined, send: false };
  const dueMs = subject?.kind === "leaving" ? subject.dueMs : nowMs + delayMs;
  const unreported = isReported ? {} : ({ isUnreported: true } as const);
  return { subject: { kind: "leaving", dueMs, held, count, ...unreported }, send: false };
}

/** Arrivals minus departures so far. A departure that does not come within `overtakeMs` is lost. */
function countOf(subject: WebhookSubject | undefined, nowMs: number): number {
  if (subject?.kind === "leaving") return subject.count ?? 0;
  if (subject?.kind !== "present") return 0;
  const { again = 0, againMs = 0 } = subject;
  return nowMs - againMs > overtakeMs ? 1 : 1 + again;
}
