import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseMessageList } from "./message-list.ts";

describe("a list of messages", () => {
  test.each<[text: string, messages: string[]]>([
    ["[]", []],
    [" [ ] ", []],
    ['["a"]', ["a"]],
    ['\n[ "a" ,\t"b\\"\\\\" ]\r\n', ["a", 'b"\\']],
    ['["\\u00e9\\\\","]"]', ["é\\", "]"]],
  ])("%j is read", (text, messages) => {
    expect(parseMessageList(text)).toEqual(messages);
  });

  test("is read as JSON.parse reads it", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('"', "\\", "[", "]", ",", "a", "é", "\n") })),
        (messages) => {
          expect(parseMessageList(JSON.stringify(messages))).toEqual(messages);
        },
      ),
    );
  });

  test("a list may have 5,000 messages, and no more", () => {
    const messages = Array.from({ length: 5_000 }, () => "");
    expect(parseMessageList(JSON.stringify(messages))).toEqual(messages);
    expect(parseMessageList(JSON.stringify([...messages, ""]))).toBeUndefined();
  });

  test("a list may have as many messages as the caller takes, and no more", () => {
    expect(parseMessageList('["a","b"]', 2)).toEqual(["a", "b"]);
    expect(parseMessageList('["a","b","c"]', 2)).toBeUndefined();
  });

  test("anything else is refused, and what JSON.parse refuses with it", () => {
    const unit = fc.constantFrom('"', "\\", "[", "]", ",", "a", " ", "{", "}");
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), (text) => {
        const messages = parseMessageList(text);
        fc.pre(messages !== undefined);
        expect(JSON.parse(text)).toEqual(messages);
      }),
      { numRuns: 300, maxSkipsPerRun: 10_000 },
    );
    for (const text of [
      "",
      "[",
      '["',
      '["a"',
      '["a",]',
      '["a"]x',
      '["a" "b"]',
      '"a"',
      "[[]]",
      "[{}]",
      '["a",[]]',
      "[1]",
      "null",
    ]) {
      expect(parseMessageList(text)).toBeUndefined();
    }
  });
});
