import type { NodeFigures } from "@sealcast/server/console";
import { expect, test } from "vitest";
import { figures } from "../testing/figures.ts";
import type { ChartRow } from "./charts.ts";
import { counts } from "./chart-unit.ts";
import { figureLines } from "./figure-lines.ts";

const reading = (node: string, timeMs: number, events: number, counting = true): NodeFigures =>
  figures(node, timeMs, { counting, connections: 3, published: events, requests: events * 2, requestSeconds: events });
const row = { title: "", unit: counts, counted: true } as const;
const level: ChartRow = { ...row, kind: "level", counted: false, read: ({ connections }) => connections };
const rate: ChartRow = { ...row, kind: "rate", read: ({ published }) => published };
const mean: ChartRow = {
  ...row,
  kind: "mean",
  read: ({ requestSeconds }) => requestSeconds,
  per: ({ requests }) => requests,
};

test("puts nodes on one time line, with gaps where a node said nothing", () => {
  const lines = figureLines(
    new Map([
      ["a", [reading("a", 1_000, 0), reading("a", 2_000, 10), reading("a", 3_000, 5)]],
      ["b", [reading("b", 2_100, 7)]],
    ]),
  );
  expect(lines.times).toEqual([1, 2, 3]);
  expect(lines.of(level)).toEqual([
    { label: "a", values: [3, 3, 3] },
    { label: "b", values: [null, 3, null] },
  ]);
  expect(lines.of(rate)).toEqual([
    { label: "a", values: [null, 10, 0] },
    { label: "b", values: [null, null, null] },
  ]);
  expect(lines.of(mean)).toEqual([
    { label: "a", values: [null, 0.5, null] },
    { label: "b", values: [null, null, null] },
  ]);
});

test("rates have a gap while the node does not count, and are taken over the time between two figures", () => {
  const list = [
    reading("a", 0, 0, false),
    reading("a", 15_000, 0),
    reading("a", 30_000, 30),
    reading("a", 45_000, 30, false),
  ];
  const lines = figureLines(new Map([["a", list]]));
  expect(lines.of(rate)).toEqual([{ label: "a", values: [null, null, 2, null] }]);
  expect(lines.of(level)).toEqual([{ label: "a", values: [3, 3, 3, 3] }]);
});
