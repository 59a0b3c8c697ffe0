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
