import type { Activity, ActivityKind, Observer } from "@sealcast/server";

/** Records the activities that a test wants. */
export class RecordingObserver implements Observer {
  readonly #kinds: ReadonlySet<ActivityKind> | undefined;
  #activities: Activity[] = [];

  /** @param kinds undefined: all. */
  constructor(kinds?: readonly ActivityKind[]) {
    this.#kinds = kinds === undefined ? undefined : new Set(kinds);
  }

  wants(kind: ActivityKind): boolean {
    return this.#kinds === undefined || this.#kinds.has(kind);
  }

  observe(activity: Activity): void {
    this.#activities.push(activity);
  }

  /** The activities since the last call. */
  take(): readonly Activity[] {
    const activities = this.#activities;
    this.#activities = [];
    return activities;
  }
}
