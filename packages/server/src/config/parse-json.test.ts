import { assert, constantFrom, json, nat, property, tuple } from "fast-check";
import { expect, test } from "vitest";
import { parseJson } from "./parse-json.ts";

const faultOf = (text: string): string | undefined => {
  const parsed = parseJson(text);
  return parsed.ok ? undefined : parsed.got;
};

test.each([
  ["", "nothing"],
  [" \n", "nothing"],
  ['{"apps":[}', "(line 1, column 10)"],
  ['{\n  "a": 1,\n}', "(line 3, column 1)"],
  ['{\n  "a": 1\n  "b": 2\n}', "(line 3, column 3)"],
  ['{\n  // why\n  "a": 1\n}', "(line 2, column 3)"],
  ["{ port: 1 }", "(line 1, column 3)"],
  ["{ 'port': 1 }", "(line 1, column 3)"],
  ['{"a": tru }', "(line 1, column 7)"],
  ['{"a": [1, 2}', "(line 1, column 12)"],
  ['{"a": "b\n"}', "(line 1, column 7)"],
  ['{\n"a": "x\ty"}', "(line 2, column 6)"],
  ['{"a": 01}', "(line 1, column 7)"],
  ['{"a": 1', "(line 1, column 8)"],
  ["{} {}", "(line 1, column 4)"],
  ["\u0000", "(line 1, column 1)"],
  ['{"secret":hunter2}', "(line 1, column 11)"],
  ["[".repeat(200_000), "text that is nested too deeply"],
  ['{"a":'.repeat(200_000), "text that is nested too deeply"],
])("the fault of %j is at %s", (text, place) => {
  expect(faultOf(text)).toContain(place);
  expect(faultOf(text)).not.toContain("hunter2");
});

test("JSON is parsed", () => {
  expect(parseJson('{"a":[1]}')).toEqual({ ok: true, value: { a: [1] } });
});

test("every text that is not JSON has a place, in a line of the text", () => {
  const change = tuple(nat(), nat({ max: 1 }), constantFrom("", ",", "}", "]", '"', "\\", "-", "0", "x", "\n"));
  assert(
    property(json(), change, (valid, [at, removed, added]) => {
      const lines = JSON.stringify(JSON.parse(valid), undefined, 1);
      const offset = at % lines.length;
      const text = lines.slice(0, offset) + added + lines.slice(offset + removed);
      const fault = faultOf(text);
      if (fault === undefined || fault === "nothing") return;
      const line = Number(/\(line (\d+), column \d+\)$/.exec(fault)?.[1]);
      expect(line).toBeGreaterThan(0);
      expect(line).toBeLessThanOrEqual(text.split("\n").length);
    }),
    { numRuns: 1_000 },
  );
});
