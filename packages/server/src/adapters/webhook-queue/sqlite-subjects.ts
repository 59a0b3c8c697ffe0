import {
  stepSubject,
  type WebhookOffer,
  type WebhookSubject,
  type WebhookText,
} from "../../core/webhooks/webhook-offer.ts";
import type { SqliteDatabase, SqliteStatement } from "./sqlite-database.ts";

interface SubjectRow {
  readonly name: string;
  readonly channel: string;
  readonly kind: WebhookSubject["kind"];
  readonly due_ms: number | null;
  readonly text: string | null;
  readonly targets: string | null;
}

/** The table `subject`: what is known of channels and members, and what is held back. Runs in transactions. */
export class SqliteSubjects {
  readonly #find: SqliteStatement;
  readonly #put: SqliteStatement;
  readonly #remove: SqliteStatement;
  readonly #due: SqliteStatement;
  readonly #nextDue: SqliteStatement;
  readonly #departAll: SqliteStatement;
  readonly #forget: SqliteStatement;

  constructor(database: SqliteDatabase) {
    this.#find = database.prepare("SELECT * FROM subject WHERE name = ?");
    this.#put = database.prepare("INSERT OR REPLACE INTO subject VALUES (?, ?, ?, ?, ?, ?)");
    this.#remove = database.prepare("DELETE FROM subject WHERE name = ?");
    this.#due = database.prepare("SELECT * FROM subject WHERE due_ms <= ? ORDER BY due_ms");
    this.#nextDue = database.prepare("SELECT min(due_ms) AS due_ms FROM subject WHERE due_ms IS NOT NULL");
    this.#departAll = database.prepare("UPDATE subject SET kind = 'leaving', due_ms = ?");
    this.#forget = database.prepare("DELETE FROM subject WHERE kind NOT IN ('present', 'leaving')");
  }

  /** Changes the subject of an offer. Returns whether the offered event is sent now. */
  step(offer: WebhookOffer, nowMs: number): boolean {
    const { subject: name, channel } = offer;
    if (name === undefined) return stepSubject(undefined, offer, nowMs).send;
    const row = this.#find.get(name) as SubjectRow | undefined;
    const before = row === undefined ? undefined : subjectOf(row);
    const { subject, send } = stepSubject(before, offer, nowMs);
    if (subject === undefined) {
      if (row !== undefined) this.#remove.run(name);
    } else if (subject !== before) {
      const { held, kind, dueMs } = subject;
      this.#put.run(name, channel, kind, dueMs ?? null, held?.text ?? null, held?.targets.join("\n") ?? null);
    }
    return send;
  }

  /** Removes what is due, and returns the events that were held back. */
  release(nowMs: number): readonly { readonly channel: string; readonly event: WebhookText }[] {
    const rows = this.#due.all(nowMs) as SubjectRow[];
    for (const { name } of rows) this.#remove.run(name);
    return rows.flatMap((row) => {
      const { held } = subjectOf(row);
      return held === undefined ? [] : [{ channel: row.channel, event: held }];
    });
  }

  /** Lets every subject that is present or leaving leave at this time, and forgets all others. */
  departAll(dueMs: number): void {
    this.#forget.run();
    this.#departAll.run(dueMs);
  }

  nextDueMs(): number | undefined {
    return (this.#nextDue.get() as { due_ms: number | null }).due_ms ?? undefined;
  }
}

function subjectOf({ kind, due_ms: dueMs, text, targets }: SubjectRow): WebhookSubject {
  const held = { text: text ?? "", targets: targets === null || targets === "" ? [] : targets.split("\n") };
  switch (kind) {
    case "present":
      return { kind, dueMs: undefined, held };
    case "leaving":
    case "sampled":
      return { kind, dueMs: dueMs ?? 0, held };
    case "quiet":
      return { kind, dueMs: dueMs ?? 0, held: undefined };
  }
}
