import type { WebhookOffer } from "../../core/webhooks/webhook-offer.ts";
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
import { GroupedTransactions } from "./grouped-transactions.ts";
import type { QueueBounds } from "./queue-bounds.ts";
import { openSqlite, type SqliteDatabase } from "./sqlite-database.ts";
import { SqliteEvents } from "./sqlite-events.ts";
import { SqliteRecords } from "./sqlite-records.ts";
import { prepareSchema } from "./sqlite-schema.ts";
import { SqliteSubjects } from "./sqlite-subjects.ts";

/** A queue in an SQLite file, for one process. Its work blocks the thread that it runs on. */
export class SqliteWebhookQueue implements WebhookQueue {
  readonly #database: SqliteDatabase;
  readonly #transactions: GroupedTransactions;
  readonly #subjects: SqliteSubjects;
  readonly #events: SqliteEvents;
  readonly #records: SqliteRecords;
  readonly #maxBytes: number;

  /**
   * @param path of the file; it is created if it does not exist.
   * @throws Error with a message for operators if the file cannot be opened, another process uses it, or a newer server wrote it.
   */
  constructor(path: string, bounds: QueueBounds) {
    this.#database = openSqlite(path, prepareSchema);
    this.#transactions = new GroupedTransactions(this.#database, () => this.#events.recount());
    this.#subjects = new SqliteSubjects(this.#database);
    this.#events = new SqliteEvents(this.#database);
    this.#records = new SqliteRecords(this.#database, bounds);
    this.#maxBytes = bounds.maxBytes;
  }

  accept(offers: readonly WebhookOffer[], nowMs: number): Promise<QueueChange> {
    return this.#transactions.run(() => {
      const targets = new Set<string>();
      for (const offer of offers) {
        if (!this.#subjects.step(offer, nowMs)) continue;
        this.#events.add(offer.channel, offer.event);
        for (const target of offer.event.targets) targets.add(target);
      }
      return this.#change(targets);
    });
  }

  release(nowMs: number): Promise<QueueChange> {
    return this.#transactions.run(() => {
      const targets = new Set<string>();
      for (const { channel, event } of this.#subjects.release(nowMs)) {
        this.#events.add(channel, event);
        for (const target of event.targets) targets.add(target);
      }
      return this.#change(targets);
    });
  }

  departAll(dueMs: number): Promise<QueueChange> {
    return this.#transactions.run(() => {
      this.#subjects.departAll(dueMs);
      return this.#change(new Set());
    });
  }

  take(target: string, { ids, ...limits }: TakeLimits, nowMs: number): Promise<readonly WebhookDelivery[]> {
    return this.#transactions.run(() => {
      const deliveries: WebhookDelivery[] = [];
      for (const id of ids) {
        const delivery = this.#events.take(target, id, limits, nowMs);
        if (delivery === undefined) break;
        deliveries.push(delivery);
      }
      return deliveries;
    });
  }

  settle(attempt: WebhookAttempt, next: WebhookNext): Promise<void> {
    return this.#transactions.run(() => {
      const { delivery, target } = attempt;
      this.#records.addAttempt(attempt);
      if (next.kind === "retry") {
        this.#events.postpone(delivery, next.dueMs);
        return;
      }
      const timeMs = this.#events.timeOf(delivery);
      if (next.kind === "dead" && timeMs !== undefined) {
        const events = this.#events.eventsOf(delivery).map(({ channel, text }) => ({ channel, text }));
        const failedMs = attempt.atMs + attempt.durationMs;
        this.#records.addDead({ id: delivery, target, timeMs }, events, failedMs, attempt.error ?? "");
      }
      this.#events.finish(target, delivery);
    });
  }

  recover(): Promise<{ waiting: ReadonlySet<string>; unfinished: readonly UnfinishedDelivery[] }> {
    return this.#transactions.run(() => ({
      waiting: this.#events.waiting(),
      unfinished: this.#events.unfinished(),
    }));
  }

  keepTargets(targets: ReadonlySet<string>): Promise<number> {
    return this.#transactions.run(() => {
      this.#records.keepTargets(targets);
      return this.#events.keepTargets(targets);
    });
  }

  attempts(target: string, most: number): Promise<readonly WebhookAttempt[]> {
    return this.#transactions.run(() => this.#records.attempts(target, most));
  }

  deadLetters(target: string, most: number): Promise<readonly DeadLetter[]> {
    return this.#transactions.run(() => this.#records.deadLetters(target, most));
  }

  clearDead(target: string, id: string | undefined): Promise<number> {
    return this.#transactions.run(() => this.#records.removeDead(target, id).length);
  }

  replayDead(target: string, id: string | undefined): Promise<number> {
    return this.#transactions.run(() => {
      const letters = this.#records.removeDead(target, id);
      for (const { channel, text } of letters.flat()) this.#events.add(channel, { text, targets: [target] });
      return letters.length;
    });
  }

  backlog(): Promise<WebhookBacklog> {
    return this.#transactions.run(() => ({ ...this.#events.size(), deadLetters: this.#records.countDead() }));
  }

  /** Finishes what was asked for, and closes the file. */
  async close(): Promise<void> {
    await this.#transactions.run(() => undefined);
    this.#database.close();
  }

  #change(targets: ReadonlySet<string>): QueueChange {
    const excess = this.#events.bytes - this.#maxBytes;
    const lost = excess > 0 ? this.#events.discard(excess) : new Map<string, number>();
    return { targets, nextReleaseMs: this.#subjects.nextDueMs(), lost };
  }
}
