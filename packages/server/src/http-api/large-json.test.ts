import type { Problem } from "@sealcast/protocol";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { oneTurn, type Turns } from "../core/turns.ts";
import { parseLargeJson } from "./large-json.ts";
import { findLongStrings, piecesOf } from "./long-strings.ts";

const notJson: Problem = { id: "invalidParameter", message: "Invalid body: it must be JSON" };
const long = 20_000;

function parse(text: string): ReturnType<typeof parseLargeJson> {
  return parseLargeJson(new TextEncoder().encode(text), oneTurn, notJson);
}

describe("a large JSON text", () => {
  test.each([
    ["letters", "x".repeat(long)],
    ["quotation marks", '"'.repeat(long)],
    ["backslashes", "\\".repeat(long)],
    ["control characters", "\u0001".repeat(long)],
    ["other alphabets", "漢字🎈".repeat(long)],
    ["text that is JSON", JSON.stringify({ "a,]}": "[".repeat(long) })],
  ])("keeps long strings of %s", async (_, text) => {
    const value = { batch: [{ name: "e", data: text }, { data: "short" }, text], other: { deep: [[text]] } };
    expect(await parse(JSON.stringify(value))).toEqual({ ok: true, value });
  });

  test.each([
    ["escapes", "\u0001"],
    ["backslashes", "\\"],
    ["characters of three bytes", "漢"],
    ["characters of four bytes", "🎈"],
  ])("keeps strings of many pieces of %s, wherever the pieces end", async (_, unit) => {
    for (const before of ["", "a", "ab", "abc", "abcd", "abcde"]) {
      const value = { data: before + unit.repeat(300_000) };
      const parsed = await parse(JSON.stringify(value));
      expect(parsed.ok && (parsed.value as typeof value).data === value.data).toBe(true);
    }
  });

  test("keeps a character that two escapes make, wherever the pieces end", async () => {
    for (const before of ["", "a", "ab", "abc", "abcd", "abcde"]) {
      const parsed = await parse(`["${before}${String.raw`\ud83c\udf88`.repeat(30_000)}"]`);
      expect(parsed.ok && (parsed.value as string[])[0] === before + "🎈".repeat(30_000)).toBe(true);
    }
  });

  test("is parsed as JSON.parse does it", async () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom('"', "\\", '\\"', "\u0000", "é").map((unit) => unit.repeat(long)),
    );
    const value = fc.oneof(
      fc.jsonValue(),
      fc.array(fc.record({ name: text, data: text, __proto__: fc.constant(null) }), { maxLength: 4 }),
    );
    await fc.assert(
      fc.asyncProperty(value, fc.constantFrom(undefined, 2), async (one, indent) => {
        const json = JSON.stringify(one, undefined, indent);
        expect(await parse(json)).toEqual({ ok: true, value: JSON.parse(json) as unknown });
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    ["what is no JSON", `{"data":"${"x".repeat(long)}",}`],
    ["a string without an end", `{"data":"${"x".repeat(long)}`],
    ["a line break in a long string", `{"data":"${"x".repeat(long)}\n"}`],
    ["an escape that JSON does not have", `{"data":"${"x".repeat(long)}\\x"}`],
    ["an escape that the end of a string cuts off", `{"data":"${"x".repeat(long)}\\u00","a":"${"x".repeat(long)}"}`],
  ])("refuses %s", async (_, text) => {
    expect(await parse(text)).toEqual({ ok: false, error: notJson });
  });

  test.each([
    ["a long string", `["${"x".repeat(long)}\xFF"]`],
    ["what is between long strings", `["${"x".repeat(long)}","\xFF","${"x".repeat(long)}"]`],
    ["what follows long strings", `["${"x".repeat(long)}","\xFF"]`],
  ])("[HTTP13] refuses %s that is not UTF-8", async (_, latin1) => {
    const error = { id: "invalidParameter", message: "Invalid body: it must be UTF-8" };
    expect(await parseLargeJson(Buffer.from(latin1, "latin1"), oneTurn, notJson)).toEqual({ ok: false, error });
  });

  test("refuses more than a megabyte besides long strings", async () => {
    const result = await parse(`{"batch":[],"other":[${"[],".repeat(400_000)}1]}`);
    expect(result).toMatchObject({ ok: false, error: { id: "bodyTooLarge" } });
  });
});

test("each piece of a long string takes a turn of its own", async () => {
  let count = 0;
  const counted: Turns = {
    hasTime: () => true,
    next() {
      count += 1;
      return Promise.resolve();
    },
  };
  const json = new TextEncoder().encode(JSON.stringify({ data: '"'.repeat(600_000) }));
  const strings = await findLongStrings(json, counted);
  const pieces = strings.flatMap((string) => [...piecesOf(json, string)]).length;
  expect(pieces).toBeGreaterThan(1);
  const toFind = count;
  await parseLargeJson(json, counted, notJson);
  expect(count - toFind).toBe(toFind + pieces);
});
