import type { WebhookOffer } from "../core/webhooks/webhook-offer.ts";
import type { DeadLetter, WebhookAttempt, WebhookBacklog, WebhookNext } from "./webhook-queue.ts";

/** Where a target's deliveries go and how they are signed. */
export interface WebhookRecipient {
  readonly url: string;
  /** Headers that the app adds. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether one delivery may hold several events. */
  readonly batch: boolean;
  /** The app's oldest live key, and its secret. */
  readonly key: string;
  readonly secret: string;
}

/** The recipients of all apps, by the ids of their targets. */
export type WebhookRecipients = ReadonlyMap<string, WebhookRecipient>;

/** Called with each attempt at a delivery and its consequence. Must not throw. */
export type AttemptListener = (attempt: WebhookAttempt, next: WebhookNext["kind"]) => void;

/** What a dispatcher reports. */
export interface DispatcherListeners {
  /** Called once if the dispatcher stops working by itself. */
  readonly ended: () => void;
  readonly attempted: AttemptListener;
}

/** Keeps events and sends them. Whatever it waits for, disk or receivers, its callers do not block. */
export interface WebhookDispatcher {
  /**
   * Goes on with what an earlier process left; called once, before anything else.
   *
   * @param isAlone whether no other node of a cluster holds subscribers. Then nobody is subscribed at the start.
   */
  start(recipients: WebhookRecipients, isAlone: boolean): Promise<void>;
  /** Changes the recipients. What waits for a target that is not among them is discarded. */
  setRecipients(recipients: WebhookRecipients): Promise<void>;
  /** Resolves when the events are kept safe. Rejects if they cannot be kept. */
  accept(offers: readonly WebhookOffer[]): Promise<void>;
  /** Attempts at deliveries to a target, newest first, `most` at the most. */
  attempts(target: string, most: number): Promise<readonly WebhookAttempt[]>;
  /** Deliveries to a target that were given up, newest first, `most` at the most. */
  deadLetters(target: string, most: number): Promise<readonly DeadLetter[]>;
  /** Removes dead letters of a target: one, or all. Returns how many. */
  clearDead(target: string, id: string | undefined): Promise<number>;
  /** Sends the events of dead letters of a target again: of one letter, or of all. Returns how many letters. */
  replayDead(target: string, id: string | undefined): Promise<number>;
  backlog(): Promise<WebhookBacklog>;
  /** Resolves when everything that waits was sent or has failed once, at the latest after `deadlineMs`. */
  flush(deadlineMs: number): Promise<void>;
  /** Begins nothing more, ends what is open, and closes what it keeps events in. What was not sent stays there. */
  close(): Promise<void>;
}
