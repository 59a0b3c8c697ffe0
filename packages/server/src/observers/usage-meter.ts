import type { AppId } from "@sealcast/protocol";
import type { Activity, ActivityKind } from "../core/monitoring/activity.ts";
import type { UsageDay } from "../core/monitoring/usage-day.ts";
import type { Clock } from "../ports/clock.ts";
import type { Observer } from "../ports/observer.ts";
import type { Unavailable } from "../ports/unavailable.ts";
import type { UsageRecords } from "../ports/usage-records.ts";

/** How often counts are written, in milliseconds. What was counted since is lost if the process is killed. */
const writeMs = 10_000;
const dayMs = 86_400_000;
const countedKinds = ["published", "client-event", "delivered", "connection-opened", "connection-closed"] as const;
const counted: ReadonlySet<ActivityKind> = new Set(countedKinds);
const connectionKinds: ReadonlySet<ActivityKind> = new Set(["connection-opened", "connection-closed"]);

type CountedActivity = Extract<Activity, { readonly kind: (typeof countedKinds)[number] }>;

function isCounted(activity: Activity): activity is CountedActivity {
  return counted.has(activity.kind);
}

/** What this process knows of an app's day. */
interface Count {
  day: number;
  /** Messages of all processes that are written. */
  written: number;
  /** Messages of this process that are not. */
  unwritten: number;
  connections: number;
  peak: number;
  writtenPeak: number;
}

/** The apps whose messages are counted. Connections are counted for all. */
export interface MeteredApps {
  any(): boolean;
  has(app: AppId): boolean;
}

const allApps: MeteredApps = { any: () => true, has: () => true };

/** Counts what apps use, and writes it down every ten seconds. */
export class UsageMeter implements Observer {
  readonly #clock: Clock;
  readonly #records: UsageRecords;
  readonly #metered: MeteredApps;
  readonly #counts = new Map<AppId, Count>();
  /** Rows of days that are over. */
  #finished: UsageDay[] = [];
  #writing = Promise.resolve();
  readonly #stop: () => void;

  /** @param metered apps whose messages are counted. Default: all. */
  constructor(clock: Clock, records: UsageRecords, metered: MeteredApps = allApps) {
    this.#clock = clock;
    this.#metered = metered;
    this.#records = records;
    this.#stop = clock.every(writeMs, () => void this.write());
  }

  wants(kind: ActivityKind): boolean {
    return connectionKinds.has(kind) || (counted.has(kind) && this.#metered.any());
  }

  observe(activity: Activity): void {
    if (!isCounted(activity)) return;
    if (!connectionKinds.has(activity.kind) && !this.#metered.has(activity.app)) return;
    const count = this.#countOf(activity.app);
    switch (activity.kind) {
      case "published":
        count.unwritten += activity.channels.length;
        return;
      case "client-event":
        count.unwritten += 1;
        return;
      case "delivered":
        count.unwritten += activity.connections;
        return;
      case "connection-opened":
        count.connections += 1;
        count.peak = Math.max(count.peak, count.connections);
        return;
      case "connection-closed":
        count.connections -= 1;
    }
  }

  /** Messages of today, as far as this process knows: those of other processes are up to 20 seconds old. */
  messagesToday(app: AppId): number {
    const { written, unwritten } = this.#countOf(app);
    return written + unwritten;
  }

  /** Seconds until the next day begins. */
  secondsLeftToday(): number {
    return Math.ceil((dayMs - (this.#clock.now() % dayMs)) / 1_000);
  }

  /** The days of an app, today included, newest first. */
  async days(app: AppId): Promise<readonly UsageDay[] | Unavailable> {
    await this.write();
    return this.#records.days(app);
  }

  /** Writes what was counted. What cannot be written is kept for the next time. */
  write(): Promise<void> {
    this.#writing = this.#writeAfter(this.#writing);
    return this.#writing;
  }

  async close(): Promise<void> {
    this.#stop();
    await this.write();
    await this.#records.close?.();
  }

  async #writeAfter(before: Promise<void>): Promise<void> {
    await before;
    const finished = this.#finished;
    this.#finished = [];
    const open = [...this.#counts].filter(
      ([, { unwritten, peak, writtenPeak }]) => unwritten > 0 || peak > writtenPeak,
    );
    const rows = open.map(([app, count]) => rowOf(app, count));
    if (finished.length + rows.length === 0) return;
    const totals = await this.#records.add([...finished, ...rows]);
    if (totals === "unavailable") {
      this.#finished = [...finished, ...this.#finished];
      return;
    }
    for (const [index, [, count]] of open.entries()) {
      const row = rows[index];
      if (row === undefined || textOf(count.day) !== row.day) continue;
      count.unwritten -= row.messages;
      count.written = totals[finished.length + index] ?? 0;
      count.writtenPeak = row.peakConnections;
    }
  }

  #countOf(app: AppId): Count {
    const day = Math.floor(this.#clock.now() / dayMs);
    let count = this.#counts.get(app);
    if (count === undefined) {
      count = { day, written: 0, unwritten: 0, connections: 0, peak: 0, writtenPeak: 0 };
      this.#counts.set(app, count);
    } else if (count.day !== day) {
      if (count.unwritten > 0) this.#finished.push(rowOf(app, count));
      Object.assign(count, { day, written: 0, unwritten: 0, peak: count.connections, writtenPeak: 0 });
    }
    return count;
  }
}

function rowOf(app: AppId, { day, unwritten, peak }: Count): UsageDay {
  return { app, day: textOf(day), messages: unwritten, peakConnections: peak };
}

function textOf(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}
