import type { NodeFigures } from "@sealcast/server/console";
import { expect, test } from "vitest";
import { nodeStates } from "./node-states.ts";

const figures = (node: string, timeMs: number, published = 0): NodeFigures => ({
  node,
  timeMs,
  counting: true,
  connections: 3,
  published,
  delivered: 0,
  requests: 0,
  requestSeconds: 0,
  bufferedBytes: 0,
  memoryBytes: 0,
  loopDelayMs: 0,
});

test("a node that has left the cluster does not report any more", () => {
  const states = nodeStates(
    new Map([
      ["a", [figures("a", 1_000)]],
      ["b", [figures("b", 10_500), figures("b", 11_500)]],
      ["c", []],
    ]),
  );
  expect(states.map(({ newest, isReporting }) => [newest.node, isReporting])).toEqual([
    ["a", false],
    ["b", true],
  ]);
  expect(nodeStates(new Map())).toEqual([]);
});
