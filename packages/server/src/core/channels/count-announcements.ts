import { limits } from "@sealcast/protocol";

/**
 * What to do about a new count of subscribers: "announce" it, announce it and then `wait` out the interval, or "keep" it
 * until the interval is over.
 */
export type CountDecision = "announce" | "announce-and-wait" | "keep";

/**
 * Decides about a new count: every change up to 100 subscribers is announced, above that one per interval as long as there
 * are changes.
 *
 * @param waiting whether the channel waits out an interval.
 */
export function decideCount(count: number, waiting: boolean): CountDecision {
  if (count <= limits.subscriptionCountEveryChangeUpTo) return "announce";
  return waiting ? "keep" : "announce-and-wait";
}
