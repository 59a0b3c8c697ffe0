import type { NodeFigures } from "@sealcast/server/console";
import type { ChartLine } from "./chart.tsx";

/** The figures of all nodes, prepared for charts. */
export interface FigureLines {
  /** Seconds since 1970, ascending. */
  readonly times: readonly number[];
  /** A line for each node of a figure as it is. */
  readonly level: (read: (figures: NodeFigures) => number) => readonly ChartLine[];
  /** A line for each node of how much a counter grows per second. */
  readonly rate: (read: (figures: NodeFigures) => number) => readonly ChartLine[];
}

/** Puts the figures of all nodes on one time line of whole seconds. */
export function figureLines(byNode: ReadonlyMap<string, readonly NodeFigures[]>): FigureLines {
  const nodes = [...byNode].map(([node, list]) => ({
    node,
    at: new Map(list.map((figures) => [Math.floor(figures.timeMs / 1_000), figures])),
  }));
  const times = [...new Set(nodes.flatMap(({ at }) => [...at.keys()]))].toSorted((a, b) => a - b);
  const lines = (valueAt: (at: ReadonlyMap<number, NodeFigures>, index: number) => number | null): ChartLine[] =>
    nodes.map(({ node, at }) => ({ label: node, values: times.map((_time, index) => valueAt(at, index)) }));

  return {
    times,
    level: (read) =>
      lines((at, index) => {
        const figures = at.get(times[index] ?? 0);
        return figures === undefined ? null : read(figures);
      }),
    rate: (read) =>
      lines((at, index) => {
        const now = at.get(times[index] ?? 0);
        const before = at.get(times[index - 1] ?? 0);
        if (now === undefined || before === undefined) return null;
        const seconds = (now.timeMs - before.timeMs) / 1_000;
        // A counter that went back belongs to a node that has restarted.
        return seconds <= 0 ? null : Math.max(0, read(now) - read(before)) / seconds;
      }),
  };
}
