import type { Activity } from "../core/monitoring/activity.ts";
import type { Observer } from "../ports/observer.ts";
import { countedActivities } from "./counted-activities.ts";
import type { MetricCounts } from "./metric-counts.ts";
import type { RecentUse } from "./recent-use.ts";

/** Creates an observer that counts what happens, from the first time that somebody reads the figures. */
export function createMetricsObserver(counts: MetricCounts, use: RecentUse): Observer {
  const counted = new Map(Object.entries(countedActivities as Readonly<Record<string, AnyCounting>>));
  return {
    wants: (kind) => use.isRecent && counted.has(kind),
    observe: (activity) => counted.get(activity.kind)?.(activity, counts),
  };
}

/** What a kind of activity adds; the table pairs each kind with its own. */
type AnyCounting = (activity: Activity, counts: MetricCounts) => void;
