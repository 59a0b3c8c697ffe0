import type { AppId } from "@sealcast/protocol";
import type { UsageDay } from "../core/monitoring/usage-day.ts";
import type { Unavailable } from "./unavailable.ts";

/**
 * What apps used, by day.
 * [USAGE1] `add` adds to the messages of the day and keeps the larger peak, also if several processes add at the same time.
 * [USAGE2] The last 31 days are kept.
 */
export interface UsageRecords {
  /** Answers the messages that all processes have counted so far, in the order of the rows. */
  add(rows: readonly UsageDay[]): Promise<readonly number[] | Unavailable>;
  /** Ends what the records have opened. Undefined: nothing. */
  readonly close?: () => Promise<void>;
  /** Newest first. */
  days(app: AppId): Promise<readonly UsageDay[] | Unavailable>;
}
