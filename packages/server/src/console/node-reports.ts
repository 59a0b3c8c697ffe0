import type { AppId } from "@sealcast/protocol";
import type { Clock } from "../ports/clock.ts";
import type { ConnectionRow, EntryType, NodeFigures, Rows } from "./contract.ts";
import { AppReports, type AppReportPorts } from "./app-reports.ts";
import { decodeNote, encodeNote, type NodeNote } from "./node-notes.ts";

/** How often a node says that somebody watches, in milliseconds. */
const watchEveryMs = 2_000;
/** How long connections of another node are listed after its last report, in milliseconds. */
const listedMs = 10_000;

/** What the reports of a node need. */
export interface ReportPorts extends AppReportPorts {
  readonly clock: Pick<Clock, "after" | "every" | "monotonicNow">;
  readonly closeConnection: (app: AppId, socketId: string) => void;
}

/** Somebody who watches an app on this node. */
interface LocalViewer {
  readonly app: AppId;
  readonly types: readonly EntryType[];
  readonly figures: (figures: NodeFigures) => void;
  readonly dropped: (count: number) => void;
}

/**
 * What a console shows of the other nodes of its cluster. Nodes do not ask each other: one on which somebody watches says
 * so every two seconds, and the others report to it until it has been silent for six.
 */
export class NodeReports {
  readonly #ports: ReportPorts;
  readonly #viewers = new Set<LocalViewer>();
  #stopSaying = (): void => undefined;
  /** Apps that are watched on other nodes. */
  readonly #reports = new Map<AppId, AppReports>();
  /** Connections on other nodes, by app and node. */
  readonly #listed = new Map<AppId, Map<string, { readonly rows: Rows<ConnectionRow>; readonly untilMs: number }>>();

  constructor(ports: ReportPorts) {
    this.#ports = ports;
  }

  /** Shows what happens on other nodes to somebody who watches here, until the returned function is called. */
  watch(viewer: LocalViewer): () => void {
    this.#viewers.add(viewer);
    this.#say();
    if (this.#viewers.size === 1) this.#stopSaying = this.#ports.clock.every(watchEveryMs, () => this.#say());
    return () => {
      this.#viewers.delete(viewer);
      if (this.#viewers.size === 0) this.#stopSaying();
    };
  }

  /** Called with a message about an app from another node, or from this one. */
  messageReceived(app: AppId, text: string): void {
    const note = decodeNote(text);
    if (note === undefined || note.from === this.#ports.node) return;
    switch (note.kind) {
      case "watch":
        this.#watched(app, note.from, note.types);
        break;
      case "report":
        this.#show(app, note);
        break;
      case "close":
        this.#ports.closeConnection(app, note.socketId);
    }
  }

  /** The connections of an app on other nodes, as they were reported last. */
  connectionsOf(app: AppId): readonly Rows<ConnectionRow>[] {
    const nowMs = this.#ports.clock.monotonicNow();
    return [...(this.#listed.get(app)?.values() ?? [])]
      .filter(({ untilMs }) => untilMs > nowMs)
      .map(({ rows }) => rows);
  }

  /** Closes a connection that is on another node; false if no other node has reported it. */
  closeElsewhere(app: AppId, socketId: string): boolean {
    const isListed = this.connectionsOf(app).some(({ rows }) => rows.some((row) => row.socketId === socketId));
    if (isListed) this.#send(app, { kind: "close", from: this.#ports.node, socketId });
    return isListed;
  }

  /** Ends all reports. */
  close(): void {
    this.#stopSaying();
    for (const reports of this.#reports.values()) reports.stop();
  }

  #say(): void {
    const types = new Map<AppId, Set<EntryType>>();
    for (const viewer of this.#viewers) {
      types.set(viewer.app, new Set([...(types.get(viewer.app) ?? []), ...viewer.types]));
    }
    for (const [app, wanted] of types) this.#send(app, { kind: "watch", from: this.#ports.node, types: [...wanted] });
  }

  #watched(app: AppId, from: string, types: readonly EntryType[]): void {
    let reports = this.#reports.get(app);
    if (reports === undefined) {
      reports = new AppReports(app, this.#ports, () => this.#reports.delete(app));
      this.#reports.set(app, reports);
    }
    reports.watched(from, types);
  }

  #show(app: AppId, { from, entries, dropped, figures, connections }: Extract<NodeNote, { kind: "report" }>): void {
    this.#ports.log.addOfOtherNode(app, entries);
    for (const viewer of this.#viewers) {
      if (viewer.app !== app) continue;
      if (figures !== undefined) viewer.figures(figures);
      if (dropped > 0) viewer.dropped(dropped);
    }
    if (connections === undefined) return;
    const ofApp = this.#listed.get(app) ?? new Map<string, { rows: Rows<ConnectionRow>; untilMs: number }>();
    ofApp.set(from, { rows: connections, untilMs: this.#ports.clock.monotonicNow() + listedMs });
    this.#listed.set(app, ofApp);
  }

  #send(app: AppId, note: NodeNote): void {
    this.#ports.send(app, encodeNote(note));
  }
}
