import type { Activity, ActivityKind } from "../core/monitoring/activity.ts";
import type { Clock } from "../ports/clock.ts";
import type { Observer } from "../ports/observer.ts";
import type { EntryType, LogEntry } from "./contract.ts";
import { describeActivity, entryTypesOf } from "./log-entry.ts";

/** Entries of an app that a new viewer gets at once, if somebody else was watching before. */
const maxRecent = 500;

/** Somebody who watches an app. */
export interface Viewer {
  readonly app: string;
  readonly types: ReadonlySet<EntryType>;
  /** Without the entries that were shown to others before. */
  readonly fromNow?: true;
  /** Must not block. */
  show(entry: LogEntry): void;
}

/**
 * Turns activities into log entries for the viewers of the console. Without a viewer it wants no activity, so that the
 * server does not even create one.
 */
export class ActivityLog implements Observer {
  readonly #node: string;
  readonly #clock: Pick<Clock, "now">;
  readonly #viewers = new Map<string, Set<Viewer>>();
  readonly #recent = new Map<string, LogEntry[]>();
  readonly #wanted = new Set<EntryType>();
  #lastId = 0;

  /** @param node name of this node. */
  constructor(node: string, clock: Pick<Clock, "now">) {
    this.#node = node;
    this.#clock = clock;
  }

  /** Shows entries to a viewer until the returned function is called. Recent entries come at once. */
  watch(viewer: Viewer): () => void {
    if (viewer.fromNow !== true) for (const entry of this.#recent.get(viewer.app) ?? []) this.#show(viewer, entry);
    const viewers = this.#viewers.get(viewer.app) ?? new Set();
    this.#viewers.set(viewer.app, viewers.add(viewer));
    this.#noteWanted();
    return () => {
      viewers.delete(viewer);
      if (viewers.size === 0 && this.#viewers.get(viewer.app) === viewers) {
        this.#viewers.delete(viewer.app);
        this.#recent.delete(viewer.app);
      }
      this.#noteWanted();
    };
  }

  wants(kind: ActivityKind): boolean {
    return this.#wanted.size > 0 && entryTypesOf(kind).some((type) => this.#wanted.has(type));
  }

  observe(activity: Activity): void {
    for (const { app, ...draft } of describeActivity(activity)) {
      this.#lastId += 1;
      const entry = { id: this.#lastId, node: this.#node, timeMs: this.#clock.now(), ...draft };
      // What cannot be said to concern one app concerns all.
      for (const watched of app === undefined ? this.#viewers.keys() : [app]) this.#add(watched, entry);
    }
  }

  /** Shows entries that another node has reported. */
  addOfOtherNode(app: string, entries: readonly LogEntry[]): void {
    for (const entry of entries) this.#add(app, entry);
  }

  #add(app: string, entry: LogEntry): void {
    const viewers = this.#viewers.get(app);
    if (viewers === undefined) return;
    const recent = this.#recent.get(app) ?? [];
    this.#recent.set(app, recent);
    recent.push(entry);
    if (recent.length > maxRecent) recent.shift();
    for (const viewer of viewers) this.#show(viewer, entry);
  }

  #show(viewer: Viewer, entry: LogEntry): void {
    if (viewer.types.has(entry.type)) viewer.show(entry);
  }

  #noteWanted(): void {
    this.#wanted.clear();
    for (const viewers of this.#viewers.values()) {
      for (const { types } of viewers) for (const type of types) this.#wanted.add(type);
    }
  }
}
