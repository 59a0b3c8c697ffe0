import { expect, test } from "vitest";
import { figures } from "../testing/figures.ts";
import { nodeStates } from "./node-states.ts";

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
