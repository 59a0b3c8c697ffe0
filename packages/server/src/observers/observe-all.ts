import type { Observer } from "../ports/observer.ts";

/** One observer that passes each activity on to all observers that want its kind. */
export function observeAll(observers: readonly Observer[]): Observer {
  return {
    wants(kind) {
      for (const observer of observers) if (observer.wants(kind)) return true;
      return false;
    },
    observe(activity) {
      for (const observer of observers) if (observer.wants(activity.kind)) observer.observe(activity);
    },
  };
}
