import { describe, expect, it } from "vitest";
import { closeText } from "../links/close-reason-text.ts";
import { frameText } from "./text-frame.ts";

describe("frameText", () => {
  it.each([
    { length: 0, header: [0x81, 0] },
    { length: 125, header: [0x81, 125] },
    { length: 126, header: [0x81, 126, 0, 126] },
    { length: 65_535, header: [0x81, 126, 0xff, 0xff] },
    { length: 65_536, header: [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0] },
  ])("puts the shortest header before $length bytes", ({ length, header }) => {
    const framed = frameText("a".repeat(length));
    expect([...framed.subarray(0, header.length)]).toEqual(header);
    expect(framed).toHaveLength(header.length + length);
  });

  it("counts bytes, not characters", () => {
    expect([...frameText("é😀")]).toEqual([0x81, 6, 0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80]);
  });
});

describe("closeText", () => {
  it.each([
    { reason: "", text: "" },
    { reason: "a".repeat(123), text: "a".repeat(123) },
    { reason: "a".repeat(124), text: "a".repeat(123) },
    { reason: "é".repeat(62), text: "é".repeat(61) },
    { reason: `${"a".repeat(120)}😀`, text: "a".repeat(120) },
  ])("cuts $reason.length characters to what a close frame holds", ({ reason, text }) => {
    expect(closeText(reason)).toBe(text);
  });
});
