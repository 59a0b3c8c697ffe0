import type { NodeFigures } from "@sealcast/server/console";
import { bytesText, countText } from "../shell/number-text.ts";

/** One chart of figures: its title, how it is computed from them, and how its values read. */
export interface ChartRow {
  readonly title: string;
  /** `level`: the figure itself. `rate`: how much it grows per second. `mean`: how much it grows per unit of `per`. */
  readonly kind: "level" | "rate" | "mean";
  readonly read: (node: NodeFigures) => number;
  readonly per?: (node: NodeFigures) => number;
  /** Whether the node has the figure only while it counts. */
  readonly counted: boolean;
  readonly format: (value: number) => string;
}

/** Every chart. */
export const charts: readonly ChartRow[] = [
  { title: "Connections", kind: "level", counted: false, read: (node) => node.connections, format: countText },
  {
    title: "Events published per second",
    kind: "rate",
    counted: true,
    read: (node) => node.published,
    format: countText,
  },
  {
    title: "Messages delivered per second",
    kind: "rate",
    counted: true,
    read: (node) => node.delivered,
    format: countText,
  },
  { title: "Requests per second", kind: "rate", counted: true, read: (node) => node.requests, format: countText },
  {
    title: "Time of a request, average",
    kind: "mean",
    counted: true,
    read: (node) => node.requestSeconds * 1_000,
    per: (node) => node.requests,
    format: milliseconds,
  },
  {
    title: "Event loop delay, 99th percentile",
    kind: "level",
    counted: true,
    read: (node) => node.loopDelayMs,
    format: milliseconds,
  },
  { title: "Memory", kind: "level", counted: false, read: (node) => node.memoryBytes, format: bytesText },
  {
    title: "Bytes waiting for slow connections",
    kind: "level",
    counted: false,
    read: (node) => node.bufferedBytes,
    format: bytesText,
  },
];

function milliseconds(value: number): string {
  if (value > 0 && value < 1) return `${value.toFixed(2)} ms`;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
