import type { Activity, ActivityKind } from "../core/monitoring/activity.ts";

/**
 * Watches what happens in the server. An activity is built only if an observer wants its kind, so that it costs nothing if
 * nobody watches: `if (observer.wants("draining")) observer.observe({ kind: "draining", … });`
 */
export interface Observer {
  /** Returns whether it wants activities of this kind. May change its answer. Must be fast: it is called for each event. */
  wants(kind: ActivityKind): boolean;
  /** Receives an activity. Must neither block nor throw. May keep the activity: activities do not change. */
  observe(activity: Activity): void;
}
