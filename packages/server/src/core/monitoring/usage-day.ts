import type { AppId } from "@sealcast/protocol";

/** What an app used on one day. */
export interface UsageDay {
  readonly app: AppId;
  /** In UTC, such as "2026-11-28". */
  readonly day: string;
  /** Published events, one for each channel; client events; and events that were delivered, one for each connection. */
  readonly messages: number;
  /** Most connections of the app to one process at the same time. */
  readonly peakConnections: number;
}

/** How many days of usage are kept. */
export const keptDays = 31;

/** Returns the first day that is kept when `day` is the last one. */
export function firstKeptDay(day: string): string {
  // oxlint-disable-next-line no-restricted-globals -- calculates with a given day
  return new Date(Date.parse(day) - (keptDays - 1) * 86_400_000).toISOString().slice(0, 10);
}
