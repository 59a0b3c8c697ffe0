import type { NodeFigures } from "@sealcast/server/console";
import { expect, test } from "vitest";
import { figures } from "../testing/figures.ts";
import { withFigures, type FiguresByNode } from "./recent-figures.ts";

function timesAfter(list: readonly NodeFigures[]): [string, number[]][] {
  const byNode = list.reduce<FiguresByNode>(withFigures, new Map());
  return [...byNode].map(([node, kept]) => [node, kept.map(({ timeMs }) => timeMs)]);
}

test("figures are kept for 15 minutes", () => {
  expect(timesAfter([figures("a", 1_000), figures("a", 2_000), figures("a", 901_500)])).toEqual([
    ["a", [2_000, 901_500]],
  ]);
});

test("a node that left the cluster is forgotten, so that a page that stays open does not grow", () => {
  expect(timesAfter([figures("a", 1_000), figures("b", 2_000), figures("b", 900_000)])).toEqual([
    ["a", [1_000]],
    ["b", [2_000, 900_000]],
  ]);
  expect(timesAfter([figures("a", 1_000), figures("b", 2_000), figures("b", 901_000)])).toEqual([
    ["b", [2_000, 901_000]],
  ]);
});
