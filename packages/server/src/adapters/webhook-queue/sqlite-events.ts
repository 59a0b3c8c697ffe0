import type { WebhookText } from "../../core/webhooks/webhook-offer.ts";
import type { TakeLimits, UnfinishedDelivery, WebhookDelivery } from "../../ports/webhook-queue.ts";
import { textBytes } from "./queue-bounds.ts";
import type { SqliteDatabase, SqliteStatement } from "./sqlite-database.ts";

/** An event as the tables keep it. */
interface EventRow {
  readonly id: number;
  readonly channel: string;
  readonly text: string;
  readonly bytes: number;
}

interface DeliveryRow {
  readonly id: string;
  readonly target: string;
  readonly time_ms: number;
  readonly due_ms: number;
}

/** The tables `event` and `delivery`: what waits for each target and what is being delivered. Runs in transactions. */
export class SqliteEvents {
  readonly #insert: SqliteStatement;
  readonly #heads: SqliteStatement;
  readonly #ofChannel: SqliteStatement;
  readonly #claim: SqliteStatement;
  readonly #unhead: SqliteStatement;
  readonly #insertDelivery: SqliteStatement;
  readonly #postpone: SqliteStatement;
  readonly #timeOf: SqliteStatement;
  readonly #ofDelivery: SqliteStatement;
  readonly #remove: SqliteStatement;
  readonly #removeDelivery: SqliteStatement;
  readonly #setHead: SqliteStatement;
  readonly #largest: SqliteStatement;
  readonly #oldest: SqliteStatement;
  readonly #database: SqliteDatabase;
  /** Bytes of all events; counted here, because adding them up takes long. */
  #bytes: number;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#bytes = this.size().bytes;
    this.#insert = database.prepare(
      `INSERT INTO event (target, channel, text, bytes, is_head)
       VALUES (:target, :channel, :text, :bytes,
         NOT EXISTS (SELECT 1 FROM event WHERE target = :target AND channel = :channel))`,
    );
    this.#heads = database.prepare("SELECT channel FROM event WHERE target = ? AND is_head = 1 ORDER BY id LIMIT ?");
    this.#ofChannel = database.prepare(
      "SELECT id, channel, text, bytes FROM event WHERE target = ? AND channel = ? ORDER BY id LIMIT ?",
    );
    this.#claim = database.prepare("UPDATE event SET delivery = ?, is_head = 0 WHERE id = ?");
    this.#unhead = database.prepare("UPDATE event SET is_head = 0 WHERE target = ? AND channel = ? AND is_head = 1");
    this.#insertDelivery = database.prepare("INSERT INTO delivery (id, target, time_ms, due_ms) VALUES (?, ?, ?, ?)");
    this.#postpone = database.prepare("UPDATE delivery SET due_ms = ? WHERE id = ?");
    this.#timeOf = database.prepare("SELECT time_ms FROM delivery WHERE id = ?");
    this.#ofDelivery = database.prepare("SELECT id, channel, text, bytes FROM event WHERE delivery = ? ORDER BY id");
    this.#remove = database.prepare("DELETE FROM event WHERE id = ?");
    this.#removeDelivery = database.prepare("DELETE FROM delivery WHERE id = ?");
    this.#setHead = database.prepare(
      `UPDATE event SET is_head = 1 WHERE delivery IS NULL AND id =
         (SELECT id FROM event WHERE target = ? AND channel = ? ORDER BY id LIMIT 1)`,
    );
    this.#largest = database.prepare("SELECT target FROM event GROUP BY target ORDER BY sum(bytes) DESC");
    this.#oldest = database.prepare(
      "SELECT id, channel, text, bytes FROM event WHERE target = ? AND delivery IS NULL ORDER BY id LIMIT 100",
    );
  }

  /** Bytes of all events. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds an event for each of its targets. */
  add(channel: string, { text, targets }: WebhookText): void {
    const bytes = textBytes(text);
    for (const target of targets) this.#insert.run({ target, channel, text, bytes });
    this.#bytes += bytes * targets.length;
  }

  /** Makes one delivery of the oldest events that may be taken, or none. */
  take(
    target: string,
    id: string,
    { maxEvents, maxBytes }: Omit<TakeLimits, "ids">,
    nowMs: number,
  ): WebhookDelivery | undefined {
    const channels = this.#heads.all(target, maxEvents) as { channel: string }[];
    const perChannel = Math.ceil(maxEvents / Math.max(channels.length, 1));
    const candidates = channels
      .flatMap(({ channel }) => this.#ofChannel.all(target, channel, perChannel) as EventRow[])
      .toSorted((a, b) => a.id - b.id)
      .slice(0, maxEvents);
    let bytes = 0;
    const fitting = candidates.findIndex((event, index) => (bytes += event.bytes) > maxBytes && index > 0);
    const events = fitting === -1 ? candidates : candidates.slice(0, fitting);
    if (events.length === 0) return undefined;
    this.#insertDelivery.run(id, target, nowMs, nowMs);
    for (const event of events) this.#claim.run(id, event.id);
    return { id, target, timeMs: nowMs, events: events.map(({ text }) => text) };
  }

  /** Changes when a delivery is due. */
  postpone(id: string, dueMs: number): void {
    this.#postpone.run(dueMs, id);
  }

  /** When a delivery was made; undefined if it is not there. */
  timeOf(id: string): number | undefined {
    return (this.#timeOf.get(id) as { time_ms: number } | undefined)?.time_ms;
  }

  /** The events of a delivery. */
  eventsOf(id: string): readonly EventRow[] {
    return this.#ofDelivery.all(id) as EventRow[];
  }

  /** Ends a delivery and frees its channels. */
  finish(target: string, id: string): void {
    this.#removeEvents(target, this.eventsOf(id));
    this.#removeDelivery.run(id);
  }

  /** Discards the oldest waiting events, those of the target with the most bytes first. Returns how many, by target. */
  discard(excess: number): Map<string, number> {
    const lost = new Map<string, number>();
    const enoughBytes = this.#bytes - excess;
    for (const { target } of this.#largest.all() as { target: string }[]) {
      while (this.#bytes > enoughBytes) {
        const rows = this.#oldest.all(target) as EventRow[];
        if (rows.length === 0) break;
        let left = this.#bytes;
        const last = rows.findIndex((row) => (left -= row.bytes) <= enoughBytes);
        const discarded = last === -1 ? rows : rows.slice(0, last + 1);
        this.#removeEvents(target, discarded);
        lost.set(target, (lost.get(target) ?? 0) + discarded.length);
      }
    }
    return lost;
  }

  /** Removes everything of other targets than these. Returns the number of events removed. */
  keepTargets(targets: ReadonlySet<string>): number {
    const found = this.#database.prepare("SELECT DISTINCT target FROM event").all() as { target: string }[];
    let removed = 0;
    for (const { target } of found.filter((row) => !targets.has(row.target))) {
      removed += this.#database.prepare("DELETE FROM event WHERE target = ?").run(target).changes;
      this.#database.prepare("DELETE FROM delivery WHERE target = ?").run(target);
    }
    this.recount();
    return removed;
  }

  /** Targets for which events wait. */
  waiting(): ReadonlySet<string> {
    const rows = this.#database.prepare("SELECT DISTINCT target FROM event WHERE is_head = 1").all();
    return new Set((rows as { target: string }[]).map(({ target }) => target));
  }

  /** Deliveries that were taken and not finished. */
  unfinished(): readonly UnfinishedDelivery[] {
    const rows = this.#database.prepare("SELECT * FROM delivery ORDER BY due_ms, rowid").all() as DeliveryRow[];
    return rows.map(({ id, target, time_ms: timeMs, due_ms: dueMs }) => ({
      delivery: { id, target, timeMs, events: this.eventsOf(id).map(({ text }) => text) },
      dueMs,
    }));
  }

  /** Adds up the bytes of all events again, after a transaction was undone. */
  recount(): void {
    this.#bytes = this.size().bytes;
  }

  /** Number and bytes of all events. */
  size(): { readonly events: number; readonly bytes: number } {
    const query = "SELECT count(*) AS events, coalesce(sum(bytes), 0) AS bytes FROM event";
    const { events, bytes } = this.#database.prepare(query).get() as { events: number; bytes: number };
    return { events, bytes };
  }

  #removeEvents(target: string, events: readonly EventRow[]): void {
    for (const event of events) {
      this.#remove.run(event.id);
      this.#bytes -= event.bytes;
    }
    for (const channel of new Set(events.map((event) => event.channel))) {
      this.#unhead.run(target, channel);
      this.#setHead.run(target, channel);
    }
  }
}
