import type { AppId } from "@sealcast/protocol";
import { andThen, type Awaitable } from "../core/awaitable.ts";
import type { Clock } from "../ports/clock.ts";
import type { ActivityLog } from "./activity-log.ts";
import type { ConnectionRow, EntryType, LogEntry, NodeFigures, Rows } from "./contract.ts";
import { encodeNote } from "./node-notes.ts";

/** How long a node that said that somebody watches is believed, in milliseconds. */
const watchedMs = 6_000;
/** How often a node reports, in milliseconds, and the most entries of one report: 400 a second. */
const reportEveryMs = 250;
const maxEntries = 100;
/** Figures go with each fourth report, connections with each twelfth. */
const figuresEvery = 4;
const connectionsEvery = 12;

/** What the reports of an app need. */
export interface AppReportPorts {
  /** Name of this node. */
  readonly node: string;
  readonly clock: Pick<Clock, "after" | "every">;
  readonly log: ActivityLog;
  readonly figures: () => NodeFigures;
  /** The newest connections of an app on this node. */
  readonly connections: (app: AppId) => Awaitable<Rows<ConnectionRow>>;
  /** Tells all nodes. Must not throw. */
  readonly send: (app: AppId, text: string) => void;
}

/** Reports what happens to one app on this node, as long as somebody watches it on another one. */
export class AppReports {
  readonly #app: AppId;
  readonly #ports: AppReportPorts;
  readonly #ended: () => void;
  /** The nodes on which somebody watches, with the types that they want, and what cancels the timer of their end. */
  readonly #watchers = new Map<string, { readonly types: readonly EntryType[]; readonly keep: () => void }>();
  readonly #stopTimer: () => void;
  #stopWatching = (): void => undefined;
  #types = "";
  #entries: LogEntry[] = [];
  #dropped = 0;
  #round = 0;

  /** @param ended is called when nobody watches any more. */
  constructor(app: AppId, ports: AppReportPorts, ended: () => void) {
    this.#app = app;
    this.#ports = ports;
    this.#ended = ended;
    this.#stopTimer = ports.clock.every(reportEveryMs, () => this.#report());
  }

  /** A node says that somebody watches there. */
  watched(from: string, types: readonly EntryType[]): void {
    this.#watchers.get(from)?.keep();
    const keep = this.#ports.clock.after(watchedMs, () => {
      this.#watchers.delete(from);
      if (this.#watchers.size === 0) this.stop();
      else this.#follow();
    });
    this.#watchers.set(from, { types, keep });
    this.#follow();
  }

  stop(): void {
    this.#stopTimer();
    this.#stopWatching();
    for (const { keep } of this.#watchers.values()) keep();
    this.#ended();
  }

  /** Watches the types that any of the nodes wants. */
  #follow(): void {
    const types = new Set([...this.#watchers.values()].flatMap((watcher) => watcher.types));
    const text = [...types].toSorted().join(",");
    if (text === this.#types) return;
    this.#types = text;
    this.#stopWatching();
    const show = (entry: LogEntry): void => this.#add(entry);
    this.#stopWatching = this.#ports.log.watch({ app: this.#app, types, show, fromNow: true });
  }

  #add(entry: LogEntry): void {
    if (entry.node !== this.#ports.node) return;
    if (this.#entries.length < maxEntries) this.#entries.push(entry);
    else this.#dropped += 1;
  }

  #report(): void {
    const { node, figures, connections, send } = this.#ports;
    const withFigures = this.#round % figuresEvery === 0;
    const withConnections = this.#round % connectionsEvery === 0;
    this.#round += 1;
    const [entries, dropped] = [this.#entries, this.#dropped];
    if (entries.length === 0 && dropped === 0 && !withFigures) return;
    [this.#entries, this.#dropped] = [[], 0];
    const report = {
      kind: "report",
      from: node,
      entries,
      dropped,
      figures: withFigures ? figures() : undefined,
    } as const;
    void andThen(withConnections ? connections(this.#app) : undefined, (rows) =>
      send(this.#app, encodeNote({ ...report, connections: rows })),
    );
  }
}
