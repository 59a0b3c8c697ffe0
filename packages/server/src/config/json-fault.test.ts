import { assert, constantFrom, json, nat, property, tuple } from "fast-check";
import { expect, test } from "vitest";
import { jsonFault } from "./json-fault.ts";

test.each([
  ["", "line 1, column 1"],
  ['{"apps":[}', "line 1, column 10"],
  ['{\n  "a": 1,\n}', "line 3, column 1"],
  ['{\n  "a": 1\n  "b": 2\n}', "line 3, column 3"],
  ['{\n  // why\n  "a": 1\n}', "line 2, column 3"],
  ["{ port: 1 }", "line 1, column 3"],
  ["{ 'port': 1 }", "line 1, column 3"],
  ['{"a": tru }', "line 1, column 7"],
  ['{"a": [1, 2}', "line 1, column 12"],
  ['{"a": "b\n"}', "line 1, column 7"],
  ['{"a": 01}', "line 1, column 8"],
  ['{"a": 1', "line 1, column 8"],
  ['{"a": 1\n\n', "line 3, column 1"],
  ["{} {}", "line 1, column 4"],
  ["\u0000", "line 1, column 1"],
  ['{"a": "\u007f\u009f", }', "line 1, column 13"],
  ['{"a": [{}, [], {"b": [1]}], ]', "line 1, column 29"],
])("%j stops being JSON at %s", (text, place) => {
  expect(jsonFault(text)).toBe(place);
});

test("JSON with one character more, less or another has its fault in the line that the engine tells", () => {
  const change = tuple(nat(), nat({ max: 1 }), constantFrom("", ",", "}", "]", '"', "\\", "-", "0", "x"));
  assert(
    property(json(), change, (valid, [at, removed, added]) => {
      const lines = JSON.stringify(JSON.parse(valid), undefined, 1);
      const offset = at % lines.length;
      const text = lines.slice(0, offset) + added + lines.slice(offset + removed);
      const told = positionTold(text);
      if (told === undefined) return;
      expect(jsonFault(text)).toMatch(new RegExp(`^line ${text.slice(0, told).split("\n").length}, `));
    }),
    { numRuns: 1_000 },
  );
});

test("text that opens without end is as deep as it likes", () => {
  expect(jsonFault("[".repeat(200_000))).toBe("line 1, column 200001");
  expect(jsonFault('{"a":'.repeat(200_000))).toBe("line 1, column 1000001");
});

test("long text without its second quotation mark takes no longer", () => {
  expect(jsonFault(`{"a": "${"x".repeat(100_000)}}`)).toBe("line 1, column 7");
});

/** What Node.js says for some faults. */
function positionTold(text: string): number | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const position = /at position (\d+)/.exec((error as Error).message)?.[1];
    return position === undefined ? undefined : Number(position);
  }
}
