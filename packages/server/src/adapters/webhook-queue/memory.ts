import {
  stepSubject,
  type WebhookOffer,
  type WebhookSubject,
  type WebhookText,
} from "../../core/webhooks/webhook-offer.ts";
import type {
  DeadLetter,
  QueueChange,
  TakeLimits,
  UnfinishedDelivery,
  WebhookAttempt,
  WebhookBacklog,
  WebhookDelivery,
  WebhookNext,
  WebhookQueue,
} from "../../ports/webhook-queue.ts";
import { textBytes, type QueueBounds } from "./queue-bounds.ts";

interface WaitingEvent {
  readonly channel: string;
  readonly text: string;
}

/** What one target is sent. */
interface Backlog {
  waiting: WaitingEvent[];
  bytes: number;
  /** Deliveries that were taken and are not settled, with the events they hold. */
  readonly taken: Map<string, { readonly delivery: WebhookDelivery; readonly events: readonly WaitingEvent[] }>;
}

interface HeldSubject {
  readonly channel: string;
  readonly subject: WebhookSubject;
}

/** A queue in memory. It keeps the contract but for what must survive the process. */
export class MemoryWebhookQueue implements WebhookQueue {
  readonly #bounds: QueueBounds;
  readonly #subjects = new Map<string, HeldSubject>();
  readonly #backlogs = new Map<string, Backlog>();
  #dead: { readonly letter: DeadLetter; readonly events: readonly WaitingEvent[] }[] = [];
  #attempts: WebhookAttempt[] = [];

  constructor(bounds: QueueBounds) {
    this.#bounds = bounds;
  }

  async accept(offers: readonly WebhookOffer[], nowMs: number): Promise<QueueChange> {
    const targets = new Set<string>();
    for (const offer of offers) {
      const { subject: name, channel } = offer;
      const step = stepSubject(name === undefined ? undefined : this.#subjects.get(name)?.subject, offer, nowMs);
      if (name !== undefined) {
        if (step.subject === undefined) this.#subjects.delete(name);
        else this.#subjects.set(name, { channel, subject: step.subject });
      }
      if (step.send) this.#add(channel, offer.event, targets);
    }
    return this.#change(targets);
  }

  async release(nowMs: number): Promise<QueueChange> {
    const targets = new Set<string>();
    const due = [...this.#subjects].filter(([, { subject }]) => (subject.dueMs ?? Infinity) <= nowMs);
    for (const [name, { channel, subject }] of due.toSorted(byDueTime)) {
      this.#subjects.delete(name);
      if (subject.held !== undefined) this.#add(channel, subject.held, targets);
    }
    return this.#change(targets);
  }

  async departAll(dueMs: number): Promise<QueueChange> {
    for (const [name, { channel, subject }] of this.#subjects) {
      if (subject.kind === "present" || subject.kind === "leaving") {
        this.#subjects.set(name, { channel, subject: { kind: "leaving", dueMs, held: subject.held } });
      } else this.#subjects.delete(name);
    }
    return this.#change(new Set());
  }

  async take(target: string, limits: TakeLimits, nowMs: number): Promise<readonly WebhookDelivery[]> {
    const backlog = this.#backlogs.get(target);
    const deliveries: WebhookDelivery[] = [];
    if (backlog === undefined) return deliveries;
    for (const id of limits.ids) {
      const events = nextEvents(backlog, limits);
      if (events.length === 0) break;
      const delivery = { id, target, timeMs: nowMs, events: events.map(({ text }) => text) };
      const chosen = new Set(events);
      backlog.waiting = backlog.waiting.filter((event) => !chosen.has(event));
      backlog.taken.set(id, { delivery, events });
      deliveries.push(delivery);
    }
    return deliveries;
  }

  async settle(attempt: WebhookAttempt, next: WebhookNext): Promise<void> {
    this.#attempts = [attempt, ...this.#attempts].slice(0, this.#bounds.maxAttempts);
    const backlog = this.#backlogs.get(attempt.target);
    const taken = backlog?.taken.get(attempt.delivery);
    if (backlog === undefined || taken === undefined || next.kind === "retry") return;
    backlog.taken.delete(attempt.delivery);
    for (const { text } of taken.events) backlog.bytes -= textBytes(text);
    if (next.kind === "delivered") return;
    const failedMs = attempt.atMs + attempt.durationMs;
    const letter = { ...taken.delivery, failedMs, error: attempt.error ?? "" };
    this.#dead = [{ letter, events: taken.events }, ...this.#dead].slice(0, this.#bounds.maxDeadLetters);
  }

  async recover(): Promise<{ waiting: ReadonlySet<string>; unfinished: readonly UnfinishedDelivery[] }> {
    return { waiting: new Set(), unfinished: [] };
  }

  async keepTargets(targets: ReadonlySet<string>): Promise<number> {
    let discarded = 0;
    for (const [target, { waiting, taken }] of this.#backlogs) {
      if (targets.has(target)) continue;
      discarded += [...taken.values()].reduce((sum, { events }) => sum + events.length, waiting.length);
      this.#backlogs.delete(target);
    }
    this.#dead = this.#dead.filter(({ letter }) => targets.has(letter.target));
    return discarded;
  }

  async attempts(target: string, most: number): Promise<readonly WebhookAttempt[]> {
    return this.#attempts.filter((attempt) => attempt.target === target).slice(0, most);
  }

  async deadLetters(target: string, most: number): Promise<readonly DeadLetter[]> {
    return this.#dead
      .map(({ letter }) => letter)
      .filter((letter) => letter.target === target)
      .slice(0, most);
  }

  async clearDead(target: string, id: string | undefined): Promise<number> {
    return this.#removeDead(target, id).length;
  }

  async replayDead(target: string, id: string | undefined): Promise<number> {
    const removed = this.#removeDead(target, id);
    for (const { events } of removed.toReversed()) {
      for (const { channel, text } of events) this.#add(channel, { text, targets: [target] }, new Set());
    }
    return removed.length;
  }

  async backlog(): Promise<WebhookBacklog> {
    let [events, bytes] = [0, 0];
    for (const { waiting, taken, bytes: more } of this.#backlogs.values()) {
      bytes += more;
      events += [...taken.values()].reduce((sum, { events: held }) => sum + held.length, waiting.length);
    }
    return { events, bytes, deadLetters: this.#dead.length };
  }

  async close(): Promise<void> {
    // Nothing is open.
  }

  #add(channel: string, { text, targets }: WebhookText, changed: Set<string>): void {
    for (const target of targets) {
      let backlog = this.#backlogs.get(target);
      if (backlog === undefined) this.#backlogs.set(target, (backlog = { waiting: [], bytes: 0, taken: new Map() }));
      backlog.waiting.push({ channel, text });
      backlog.bytes += textBytes(text);
      changed.add(target);
    }
  }

  #removeDead(target: string, id: string | undefined): readonly { readonly events: readonly WaitingEvent[] }[] {
    const isMeant = ({ letter }: { readonly letter: DeadLetter }): boolean =>
      letter.target === target && (id === undefined || letter.id === id);
    const removed = this.#dead.filter((entry) => isMeant(entry));
    this.#dead = this.#dead.filter((entry) => !isMeant(entry));
    return removed;
  }

  #change(targets: ReadonlySet<string>): QueueChange {
    const due = [...this.#subjects.values()].flatMap(({ subject }) => subject.dueMs ?? []);
    const nextReleaseMs = due.length === 0 ? undefined : due.reduce((first, ms) => Math.min(first, ms));
    return { targets, nextReleaseMs, lost: this.#discard() };
  }

  #discard(): Map<string, number> {
    const lost = new Map<string, number>();
    let excess = [...this.#backlogs.values()].reduce((sum, { bytes }) => sum + bytes, 0) - this.#bounds.maxBytes;
    const bySize = [...this.#backlogs].toSorted(([, a], [, b]) => b.bytes - a.bytes);
    for (const [target, backlog] of bySize) {
      while (excess > 0) {
        const oldest = backlog.waiting.shift();
        if (oldest === undefined) break;
        excess -= textBytes(oldest.text);
        backlog.bytes -= textBytes(oldest.text);
        lost.set(target, (lost.get(target) ?? 0) + 1);
      }
    }
    return lost;
  }
}

/** The oldest events that may be taken now: none of a channel that is in an unfinished delivery. */
function nextEvents({ waiting, taken }: Backlog, { maxEvents, maxBytes }: TakeLimits): WaitingEvent[] {
  const busy = new Set([...taken.values()].flatMap(({ events }) => events.map(({ channel }) => channel)));
  const chosen: WaitingEvent[] = [];
  let bytes = 0;
  for (const event of waiting) {
    if (busy.has(event.channel)) continue;
    bytes += textBytes(event.text);
    if (chosen.length === maxEvents || (chosen.length > 0 && bytes > maxBytes)) break;
    chosen.push(event);
  }
  return chosen;
}

function byDueTime([, a]: [string, HeldSubject], [, b]: [string, HeldSubject]): number {
  return (a.subject.dueMs ?? 0) - (b.subject.dueMs ?? 0);
}
