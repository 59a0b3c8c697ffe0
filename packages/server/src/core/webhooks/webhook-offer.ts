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
   * Where the event stands among those of its subject; later ones have higher numbers. Offers of several processes may come in
   * another order, or repeatedly: only a queue that processes share gets such. Undefined: they come as the events happened.
   */
  readonly order?: number;
  /** Counts the offers of one process, beginning with 1. A queue that processes share takes none twice. */
  readonly number?: number;
}

/** What a queue knows of a subject. `order` is that of its last arrival or departure. */
export type WebhookSubject =
  | { readonly kind: "present"; readonly dueMs: undefined; readonly held: WebhookText; readonly order?: number }
  | {
      readonly kind: "leaving";
      readonly dueMs: number;
      readonly held: WebhookText;
      readonly order?: number;
      /** No arrival is known. */
      readonly isUnreported?: true;
    }
  | { readonly kind: "sampled"; readonly dueMs: number; readonly held: WebhookText }
  /** Nothing is sent: events follow too soon, or are older than the departure that was sent last. */
  | { readonly kind: "quiet"; readonly dueMs: number; readonly held: undefined; readonly order?: number };

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
  if (offer.order !== undefined) {
    if (offer.effect === "appear") return stepArrival(subject, offer, offer.order, nowMs);
    if (offer.effect === "disappear") return stepDeparture(subject, offer, offer.order, dueMs);
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

/** Returns a subject after its held event was sent; undefined: nothing to remember. */
export function releaseSubject(subject: WebhookSubject, nowMs: number): WebhookSubject | undefined {
  return subject.kind === "leaving" && subject.order !== undefined ? goneAt(subject.order, nowMs) : undefined;
}

/** For how long an offer may be on its way after one that happened later, in milliseconds. Our choice. */
const overtakeMs = 10_000;

function stepArrival(
  subject: WebhookSubject | undefined,
  { event, opposite = event }: WebhookOffer,
  order: number,
  nowMs: number,
): WebhookStep {
  const isLone = subject?.kind === "leaving" && subject.isUnreported === true;
  if (isOld(subject, order)) {
    // The arrival of a departure that came first: neither is sent.
    return { subject: isLone ? goneAt(subject.order ?? order, nowMs) : subject, send: false };
  }
  const isReported = subject?.kind === "present" || (subject?.kind === "leaving" && !isLone);
  return { subject: { kind: "present", dueMs: undefined, held: opposite, order }, send: !isReported };
}

function stepDeparture(
  subject: WebhookSubject | undefined,
  { event }: WebhookOffer,
  order: number,
  dueMs: number,
): WebhookStep {
  if (isOld(subject, order)) return { subject, send: false };
  const leaving = { kind: "leaving", dueMs, held: event, order } as const;
  switch (subject?.kind) {
    case "present":
      return { subject: leaving, send: false };
    case "leaving":
    case "quiet":
      return { subject: { ...subject, order }, send: false };
    case "sampled":
    case undefined:
      return { subject: { ...leaving, isUnreported: true }, send: false };
  }
}

/** Whether an event of this order is not later than what is known of its subject. */
function isOld(subject: WebhookSubject | undefined, order: number): boolean {
  return subject !== undefined && subject.kind !== "sampled" && subject.order !== undefined && subject.order >= order;
}

function goneAt(order: number, nowMs: number): WebhookSubject {
  return { kind: "quiet", dueMs: nowMs + overtakeMs, held: undefined, order };
}
