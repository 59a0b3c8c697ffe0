import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readMessage } from "./message.ts";

describe("a message", () => {
  test.each([
    ['{"event":"e"}', { event: "e", channel: undefined, data: undefined }],
    ['{"event":"e","channel":"c","data":"{\\"a\\":1}"}', { event: "e", channel: "c", data: { a: 1 } }],
    ['{"event":"e","data":{"code":1}}', { event: "e", channel: undefined, data: { code: 1 } }],
    ['{"event":"e","data":"plain text"}', { event: "e", channel: undefined, data: "plain text" }],
    ['{"event":"e","data":"7"}', { event: "e", channel: undefined, data: 7 }],
    ['{"event":"e","user_id":"u"}', { event: "e", channel: undefined, data: undefined, user_id: "u" }],
    ['{"event":"e","channel":7,"user_id":7}', { event: "e", channel: undefined, data: undefined }],
  ])("%s", (text, message) => {
    expect(readMessage(text)).toEqual(message);
  });

  test.each(["", "nojson", "null", "5", "[]", "{}", '{"event":7}', '"text"', '{"data":"{}"}'])("is not %j", (text) => {
    expect(readMessage(text)).toBeUndefined();
  });

  test("is read without throwing, whatever it is", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.anything()), (text) => {
        const message = readMessage(text);
        expect(message === undefined || typeof message.event === "string").toBe(true);
      }),
    );
  });
});
