import type { NodeFigures } from "@sealcast/server/console";
import { expect, test } from "vitest";
import { figureLines } from "./figure-lines.ts";

const figures = (node: string, timeMs: number, published: number): NodeFigures => ({
  node,
  timeMs,
  connections: 3,
  published,
  delivered: 0,
  bufferedBytes: 0,
  memoryBytes: 0,
  loopDelayMs: 0,
});

test("puts nodes on one time line, with gaps where a node said nothing", () => {
  const lines = figureLines(
    new Map([
      ["a", [figures("a", 1_000, 0), figures("a", 2_000, 10), figures("a", 3_000, 5)]],
      ["b", [figures("b", 2_100, 7)]],
    ]),
  );
  expect(lines.times).toEqual([1, 2, 3]);
  expect(lines.level(({ connections }) => connections)).toEqual([
    { label: "a", values: [3, 3, 3] },
    { label: "b", values: [null, 3, null] },
  ]);
  expect(lines.rate(({ published }) => published)).toEqual([
    { label: "a", values: [null, 10, 0] },
    { label: "b", values: [null, null, null] },
  ]);
});
