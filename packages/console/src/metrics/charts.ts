import type { NodeFigures } from "@sealcast/server/console";
import { bytes, counts, milliseconds, type ChartUnit } from "./chart-unit.ts";

/** One chart of figures: its title, how it is computed from them, and the unit of its values. */
export interface ChartRow {
  readonly title: string;
  /** `level`: the figure itself. `rate`: how much it grows per second. `mean`: how much it grows per unit of `per`. */
  readonly kind: "level" | "rate" | "mean";
  readonly read: (node: NodeFigures) => number;
  readonly per?: (node: NodeFigures) => number;
  /** Whether the node has the figure only while it counts. */
  readonly counted: boolean;
  readonly unit: ChartUnit;
}

/** Open connections. */
export const connectionsChart: ChartRow = {
  title: "Connections",
  kind: "level",
  counted: false,
  read: (node) => node.connections,
  unit: counts,
};

/** Events of the HTTP API. */
export const publishedChart: ChartRow = {
  title: "Events published per second",
  kind: "rate",
  counted: true,
  read: (node) => node.published,
  unit: counts,
};

/** Events to subscribers, one for each of them. */
export const deliveredChart: ChartRow = {
  title: "Messages delivered per second",
  kind: "rate",
  counted: true,
  read: (node) => node.delivered,
  unit: counts,
};

/** Every chart. */
export const charts: readonly ChartRow[] = [
  connectionsChart,
  publishedChart,
  deliveredChart,
  { title: "Requests per second", kind: "rate", counted: true, read: (node) => node.requests, unit: counts },
  {
    title: "Time of a request, average",
    kind: "mean",
    counted: true,
    read: (node) => node.requestSeconds * 1_000,
    per: (node) => node.requests,
    unit: milliseconds,
  },
  {
    title: "Event loop delay, 99th percentile",
    kind: "level",
    counted: true,
    read: (node) => node.loopDelayMs,
    unit: milliseconds,
  },
  { title: "Memory", kind: "level", counted: false, read: (node) => node.memoryBytes, unit: bytes },
  {
    title: "Bytes waiting for slow connections",
    kind: "level",
    counted: false,
    read: (node) => node.bufferedBytes,
    unit: bytes,
  },
];
