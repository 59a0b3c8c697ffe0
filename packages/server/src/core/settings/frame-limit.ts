import type { AppSettings } from "../apps/app.ts";

/** Bytes that JSON may take for one byte of text: `\u0061` for "a". */
const longestEscape = 6;
/** Room for names, signatures and long watchlists, in bytes. */
const overheadBytes = 65_536;

/**
 * Returns the size of the largest message that is read at all, in bytes, if the configuration sets none: any event and any
 * `user_info` that an app allows, however it is escaped. Smaller messages that exceed another limit get that limit's own
 * error.
 */
export function defaultMaxFrameBytes(apps: readonly Pick<AppSettings, "maxEventBytes" | "maxMemberBytes">[]): number {
  const largest = apps.reduce((bytes, app) => Math.max(bytes, app.maxEventBytes, app.maxMemberBytes), 0);
  return largest * longestEscape + overheadBytes;
}
