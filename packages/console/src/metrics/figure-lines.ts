import type { NodeFigures } from "@sealcast/server/console";
import type { FiguresByNode } from "./recent-figures.ts";
import type { ChartLine } from "./chart.tsx";
import type { ChartRow } from "./charts.ts";

/** The figures of all nodes, prepared for charts. */
export interface FigureLines {
  /** Seconds since 1970, ascending. */
  readonly times: readonly number[];
  /** The lines of a chart, one for each node. */
  readonly of: (row: ChartRow) => readonly ChartLine[];
}

/** Puts the figures of all nodes on one time line of whole seconds. */
export function figureLines(byNode: FiguresByNode): FigureLines {
  const nodes = [...byNode].map(([node, list]) => ({
    node,
    at: new Map(list.map((figures, index) => [secondOf(figures), { now: figures, before: list[index - 1] }])),
  }));
  const times = [...new Set(nodes.flatMap(({ at }) => [...at.keys()]))].toSorted((a, b) => a - b);
  return {
    times,
    of: (row) =>
      nodes.map(({ node, at }) => ({
        label: node,
        values: times.map((time) => {
          const found = at.get(time);
          return found === undefined ? null : figureOf(row, found.now, found.before);
        }),
      })),
  };
}

/** The value of a chart at one moment; null if it is not known. `before`: the figures before those of the moment. */
export function figureOf(
  { kind, read, per, counted }: ChartRow,
  now: NodeFigures,
  before: NodeFigures | undefined,
): number | null {
  if (counted && !now.counting) return null;
  if (kind === "level") return read(now);
  if (before === undefined || !before.counting) return null;
  const amount = kind === "rate" ? (now.timeMs - before.timeMs) / 1_000 : (per?.(now) ?? 0) - (per?.(before) ?? 0);
  // A counter that went back belongs to a node that has restarted.
  return amount <= 0 ? null : Math.max(0, read(now) - read(before)) / amount;
}

function secondOf({ timeMs }: NodeFigures): number {
  return Math.floor(timeMs / 1_000);
}
