import type { WebhookOffer } from "../core/webhooks/webhook-offer.ts";

/** Events that are sent in one request, with one id and one body however often they are sent. */
export interface WebhookDelivery {
  readonly id: string;
  /** Id of the target it goes to. */
  readonly target: string;
  /** When the events were put together, in Unix milliseconds: the body's `time_ms`. */
  readonly timeMs: number;
  /** Encoded events, in the order in which they happened. */
  readonly events: readonly string[];
}

/** What one attempt to send a delivery came to. */
export interface WebhookAttempt {
  readonly delivery: string;
  readonly target: string;
  /** When it began, in Unix milliseconds. */
  readonly atMs: number;
  readonly durationMs: number;
  /** Status of the answer, or undefined if there was none. */
  readonly status: number | undefined;
  /** Why it failed, in words; undefined if the receiver accepted the delivery. Never part of an answer's body. */
  readonly error: string | undefined;
  /** Events in the delivery. */
  readonly events: number;
}

/** What follows an attempt: the delivery is finished, is tried again, or is given up. */
export type WebhookNext =
  | { readonly kind: "delivered" }
  | { readonly kind: "retry"; readonly dueMs: number }
  | { readonly kind: "dead" };

/** A delivery that was given up. */
export interface DeadLetter extends WebhookDelivery {
  /** When it was given up, in Unix milliseconds. */
  readonly failedMs: number;
  /** The error of the last attempt. */
  readonly error: string;
}

/** A delivery that an earlier run of the process began and did not finish. */
export interface UnfinishedDelivery {
  readonly delivery: WebhookDelivery;
  /** When it is due, in Unix milliseconds. */
  readonly dueMs: number;
}

/** What a queue holds. */
export interface WebhookBacklog {
  /** Events that wait or are being delivered, over all targets. */
  readonly events: number;
  /** Bytes of those events. */
  readonly bytes: number;
  readonly deadLetters: number;
}

/** How much `take` may take. */
export interface TakeLimits {
  /** One delivery is made for each of these ids at most. */
  readonly ids: readonly string[];
  readonly maxEvents: number;
  readonly maxBytes: number;
}

/** What changed in a queue. */
export interface QueueChange {
  /** Targets for which events were added. */
  readonly targets: ReadonlySet<string>;
  /** The earliest time at which `release` has something to do, in Unix milliseconds. */
  readonly nextReleaseMs: number | undefined;
  /** Events that were discarded to keep the queue within its bound, by target. */
  readonly lost: ReadonlyMap<string, number>;
}

/** What an earlier run of the process, or another process, has left. */
export interface RecoveredWork {
  /** Targets for which events wait. */
  readonly waiting: ReadonlySet<string>;
  /** Deliveries that were begun and not finished. */
  readonly unfinished: readonly UnfinishedDelivery[];
}

/** Callbacks of a queue that several processes share. */
export interface QueueSharing {
  /** This process sends from now on. */
  began(work: RecoveredWork): void;
  /** Another process sends from now on: this one begins nothing more. */
  ended(): void;
  /** Other processes have put something in. */
  changed(change: QueueChange): void;
}

/**
 * Events on their way to the receivers of webhooks.
 * [WHQ1] What `accept` resolved for is there after the process was killed and another one opened the queue.
 * [WHQ2] An offer changes its subject and adds its event by the rules of `stepSubject`, both or neither.
 * [WHQ3] Each event is taken once by each of its targets, in the order of `accept` per target and channel. Events of one
 *        channel are not taken while an earlier delivery of that channel to the same target is not finished. A queue that
 *        processes share takes each numbered offer once, also if it is offered again because the answer was lost.
 * [WHQ4] A delivery keeps its id, time and events until it is delivered or dead, also over a restart.
 * [WHQ5] Events wait for each target on their own: what one target does not take holds up no other.
 * [WHQ6] The queue keeps at most `maxBytes` of events. Above that, the oldest waiting events of the target with the most
 *        bytes are discarded and counted in `lost`. Events of a delivery are never discarded.
 * [WHQ7] `release` adds the held events that are due; a subject that came back before is not among them.
 * [WHQ8] After `departAll`, every subject that is present or leaving leaves at the given time unless it comes back, and
 *        counts and pauses are forgotten: nothing is subscribed after a restart until it says so.
 * [WHQ9] Dead letters are listed newest first; the oldest make room for new ones. `replay` adds their events as new ones.
 * [WHQ10] Attempts are listed newest first; the oldest make room for new ones.
 * [WHQ11] Of the processes that share a queue, one at a time takes events; the others get none. Another one begins as soon as
 *         that one has closed the queue, or has been silent for some seconds.
 */
export interface WebhookQueue {
  accept(offers: readonly WebhookOffer[], nowMs: number): Promise<QueueChange>;
  release(nowMs: number): Promise<QueueChange>;
  departAll(dueMs: number): Promise<QueueChange>;
  take(target: string, limits: TakeLimits, nowMs: number): Promise<readonly WebhookDelivery[]>;
  /** Records an attempt at a delivery together with what follows it. */
  settle(attempt: WebhookAttempt, next: WebhookNext): Promise<void>;
  /** Targets for which events wait, and deliveries that were begun; asked once, before anything is taken. */
  recover(): Promise<RecoveredWork>;
  /** Only of a queue that several processes share: asks for the right to take events from now on. Replaces `recover`. */
  share?(sharing: QueueSharing): Promise<void>;
  /** Discards what is kept for other targets than these. Returns the number of events discarded. */
  keepTargets(targets: ReadonlySet<string>): Promise<number>;
  /** Attempts at deliveries to a target, newest first, `most` at the most. */
  attempts(target: string, most: number): Promise<readonly WebhookAttempt[]>;
  deadLetters(target: string, most: number): Promise<readonly DeadLetter[]>;
  /** Removes dead letters of a target: one, or all. Returns how many. */
  clearDead(target: string, id: string | undefined): Promise<number>;
  /** Moves the events of dead letters of a target back to those that wait: one letter, or all. Returns how many letters. */
  replayDead(target: string, id: string | undefined): Promise<number>;
  backlog(): Promise<WebhookBacklog>;
  close(): Promise<void>;
}
