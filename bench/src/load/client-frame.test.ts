import { expect, test } from "vitest";
import { clientFrame } from "./client-frame.ts";

test.each([0, 1, 125, 126, 65_535])("frames %i bytes so that unmasking gives them back", (bytes) => {
  const text = "é".repeat(bytes / 2) + "x".repeat(bytes % 2);
  const frame = clientFrame(text);
  const head = bytes < 126 ? 2 : 4;
  const length = head === 2 ? (frame[1] ?? 0) & 0x7f : frame.readUInt16BE(2);
  const mask = frame.subarray(head, head + 4);
  const payload = frame.subarray(head + 4).map((byte, i) => byte ^ (mask[i % 4] ?? 0));
  expect(frame[0]).toBe(0x81);
  expect((frame[1] ?? 0) & 0x80).toBe(0x80);
  expect(length).toBe(bytes);
  expect(Buffer.from(payload).toString()).toBe(text);
});

test("refuses what needs a longer length field", () => {
  expect(() => clientFrame("x".repeat(65_536))).toThrow(RangeError);
});
