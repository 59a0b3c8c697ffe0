import type { AppId } from "@sealcast/protocol";
import { firstKeptDay, type UsageDay } from "../../core/monitoring/usage-day.ts";
import type { UsageRecords } from "../../ports/usage-records.ts";

/** Keeps what apps used in the memory of one process, as long as it runs. */
export class MemoryUsageRecords implements UsageRecords {
  readonly #days = new Map<AppId, ReadonlyMap<string, UsageDay>>();

  add(rows: readonly UsageDay[]): Promise<readonly number[]> {
    return Promise.resolve(rows.map((row) => this.#add(row)));
  }

  days(app: AppId): Promise<readonly UsageDay[]> {
    return Promise.resolve([...(this.#days.get(app)?.values() ?? [])].toSorted((a, b) => (a.day < b.day ? 1 : -1)));
  }

  #add(row: UsageDay): number {
    const days = new Map(this.#days.get(row.app));
    const { messages = 0, peakConnections = 0 } = days.get(row.day) ?? {};
    const total = messages + row.messages;
    days.set(row.day, { ...row, messages: total, peakConnections: Math.max(peakConnections, row.peakConnections) });
    for (const day of days.keys()) if (day < firstKeptDay(row.day)) days.delete(day);
    this.#days.set(row.app, days);
    return total;
  }
}
