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
}

/** What a queue knows of a subject. */
export type WebhookSubject =
  | { readonly kind: "present"; readonly dueMs: undefined; readonly held: WebhookText }
  | { readonly kind: "leaving" | "sampled"; readonly dueMs: number; readonly held: WebhookText }
  | { readonly kind: "quiet"; readonly dueMs: number; readonly held: undefined };

/** The subject after an offer (undefined: nothing to remember), and whether the offered event is sent now. */
export interface WebhookStep {
  readonly subject: WebhookSubject | undefined;
  readonly send: boolean;
}

/**
 * Decides what becomes of an offered event. For one subject, `appear` and `disappear` are sent strictly in turn.
 *
 * @param subject what the queue knows of the offer's subject, if anything.
 */
export function stepSubject(subject: WebhookSubject | undefined, offer: WebhookOffer, nowMs: number): WebhookStep {
  const { event } = offer;
  const dueMs = nowMs + offer.delayMs;
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
