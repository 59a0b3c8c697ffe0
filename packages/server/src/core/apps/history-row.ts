import { z } from "zod";

const prefixForm = "text of at most 200 characters";
const sizeForm = "a whole number from 1 to 10000";
const ttlForm = "a whole number from 1 to 86400 (seconds)";

/** An entry of an app's `history`: how the channels whose names begin with `prefix` keep events. */
export const historyRow = z.strictObject(
  {
    prefix: z.string(prefixForm).max(200, prefixForm),
    size: z.int(sizeForm).min(1, sizeForm).max(10_000, sizeForm),
    ttlSeconds: z.int(ttlForm).min(1, ttlForm).max(86_400, ttlForm),
  },
  "an object with prefix, size and ttlSeconds",
);

/** How channels keep events. */
export type HistoryRow = Readonly<z.infer<typeof historyRow>>;

/** The row of a channel: the one with the longest prefix of its name. */
export function historyRowOf(rows: readonly HistoryRow[], channel: string): HistoryRow | undefined {
  let found: HistoryRow | undefined;
  for (const row of rows) {
    if (channel.startsWith(row.prefix) && row.prefix.length >= (found?.prefix.length ?? 0)) found = row;
  }
  return found;
}
