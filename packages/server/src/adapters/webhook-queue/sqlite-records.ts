import type { DeadLetter, WebhookAttempt, WebhookDelivery } from "../../ports/webhook-queue.ts";
import type { QueueBounds } from "./queue-bounds.ts";
import type { SqliteDatabase, SqliteStatement } from "./sqlite-database.ts";

/** An event of a dead letter, with what a replay needs. */
export interface DeadEvent {
  readonly channel: string;
  readonly text: string;
}

interface DeadRow {
  readonly number: number;
  readonly id: string;
  readonly target: string;
  readonly time_ms: number;
  readonly failed_ms: number;
  readonly error: string;
  readonly events: string;
}

interface AttemptRow {
  readonly delivery: string;
  readonly target: string;
  readonly at_ms: number;
  readonly duration_ms: number;
  readonly status: number | null;
  readonly error: string | null;
  readonly events: number;
}

/** The tables `attempt` and `dead`: what is kept of deliveries for people to look at. Runs in transactions. */
export class SqliteRecords {
  readonly #database: SqliteDatabase;
  readonly #insertAttempt: SqliteStatement;
  readonly #trimAttempts: SqliteStatement;
  readonly #attempts: SqliteStatement;
  readonly #insertDead: SqliteStatement;
  readonly #trimDead: SqliteStatement;
  readonly #dead: SqliteStatement;
  readonly #removeDead: SqliteStatement;

  constructor(database: SqliteDatabase, { maxAttempts, maxDeadLetters }: QueueBounds) {
    this.#database = database;
    this.#insertAttempt = database.prepare(
      `INSERT INTO attempt (delivery, target, at_ms, duration_ms, status, error, events) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#trimAttempts = database.prepare(`DELETE FROM attempt WHERE number <= ? - ${maxAttempts}`);
    this.#attempts = database.prepare("SELECT * FROM attempt WHERE target = ? ORDER BY number DESC LIMIT ?");
    this.#insertDead = database.prepare(
      "INSERT INTO dead (id, target, time_ms, failed_ms, error, events) VALUES (?, ?, ?, ?, ?, ?)",
    );
    this.#trimDead = database.prepare(
      `DELETE FROM dead WHERE number IN (SELECT number FROM dead ORDER BY number DESC LIMIT -1 OFFSET ${maxDeadLetters})`,
    );
    this.#dead = database.prepare("SELECT * FROM dead WHERE target = ? ORDER BY number DESC LIMIT ?");
    this.#removeDead = database.prepare("DELETE FROM dead WHERE number = ?");
  }

  addAttempt({ delivery, target, atMs, durationMs, status, error, events }: WebhookAttempt): void {
    const { lastInsertRowid } = this.#insertAttempt.run(
      delivery,
      target,
      atMs,
      durationMs,
      status ?? null,
      error ?? null,
      events,
    );
    this.#trimAttempts.run(Number(lastInsertRowid));
  }

  attempts(target: string, most: number): readonly WebhookAttempt[] {
    return (this.#attempts.all(target, most) as AttemptRow[]).map((row) => ({
      delivery: row.delivery,
      target: row.target,
      atMs: row.at_ms,
      durationMs: row.duration_ms,
      status: row.status ?? undefined,
      error: row.error ?? undefined,
      events: row.events,
    }));
  }

  addDead(
    delivery: Omit<WebhookDelivery, "events">,
    events: readonly DeadEvent[],
    failedMs: number,
    error: string,
  ): void {
    const { id, target, timeMs } = delivery;
    this.#insertDead.run(id, target, timeMs, failedMs, error, JSON.stringify(events));
    this.#trimDead.run();
  }

  deadLetters(target: string, most: number): readonly DeadLetter[] {
    return (this.#dead.all(target, most) as DeadRow[]).map((row) => ({
      id: row.id,
      target: row.target,
      timeMs: row.time_ms,
      failedMs: row.failed_ms,
      error: row.error,
      events: eventsOf(row).map(({ text }) => text),
    }));
  }

  /** Removes dead letters of a target: one, or all. Returns the events of each, oldest letter first. */
  removeDead(target: string, id: string | undefined): readonly (readonly DeadEvent[])[] {
    const rows = (this.#dead.all(target, -1) as DeadRow[]).filter((row) => id === undefined || row.id === id);
    for (const { number } of rows) this.#removeDead.run(number);
    return rows.toReversed().map((row) => eventsOf(row));
  }

  countDead(): number {
    return (this.#database.prepare("SELECT count(*) AS count FROM dead").get() as { count: number }).count;
  }

  keepTargets(targets: ReadonlySet<string>): void {
    for (const table of ["dead", "attempt"]) {
      const found = this.#database.prepare(`SELECT DISTINCT target FROM ${table}`).all() as { target: string }[];
      for (const { target } of found.filter((row) => !targets.has(row.target))) {
        this.#database.prepare(`DELETE FROM ${table} WHERE target = ?`).run(target);
      }
    }
  }
}

function eventsOf({ events }: DeadRow): readonly DeadEvent[] {
  return JSON.parse(events) as DeadEvent[];
}
