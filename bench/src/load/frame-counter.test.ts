import { array, assert, constantFrom, integer, nat, oneof, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { FrameCounter } from "./frame-counter.ts";

/** An unmasked frame as RFC 6455, 5.2 draws it. */
function frame(payloadBytes: number, { fin = true, opcode = 1 } = {}): Buffer {
  const first = (fin ? 0x80 : 0) | opcode;
  const payload = Buffer.alloc(payloadBytes, 0x81);
  if (payloadBytes < 126) return Buffer.concat([Buffer.from([first, payloadBytes]), payload]);
  if (payloadBytes < 65_536)
    return Buffer.concat([Buffer.from([first, 126, payloadBytes >> 8, payloadBytes & 0xff]), payload]);
  const head = Buffer.from([first, 127, 0, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(payloadBytes, 6);
  return Buffer.concat([head, payload]);
}

describe("FrameCounter", () => {
  test.each([
    { what: "empty", bytes: frame(0), messages: 1 },
    { what: "short", bytes: frame(125), messages: 1 },
    { what: "16-bit length", bytes: frame(126), messages: 1 },
    { what: "64-bit length", bytes: frame(65_536), messages: 1 },
    { what: "binary", bytes: frame(3, { opcode: 2 }), messages: 1 },
    { what: "ping", bytes: frame(3, { opcode: 9 }), messages: 0 },
    {
      what: "three parts of one message",
      bytes: Buffer.concat([frame(3, { fin: false }), frame(3, { fin: false, opcode: 0 }), frame(3, { opcode: 0 })]),
      messages: 1,
    },
    {
      what: "two and the beginning of a third",
      bytes: Buffer.concat([frame(5), frame(200), frame(9).subarray(0, 4)]),
      messages: 2,
    },
  ])("counts $what", ({ bytes, messages }) => {
    expect(new FrameCounter().count(bytes, bytes.length)).toBe(messages);
  });

  test("counts the same however the stream is cut", () => {
    const sizes = array(oneof(nat(300), constantFrom(125, 126, 65_535, 65_536)), { maxLength: 8 });
    assert(
      property(sizes, array(integer({ min: 1, max: 5000 }), { minLength: 1 }), (payloads, cuts) => {
        const stream = Buffer.concat(payloads.map((bytes) => frame(bytes)));
        const counter = new FrameCounter();
        let messages = 0;
        for (let at = 0, i = 0; at < stream.length; i += 1) {
          const piece = stream.subarray(at, at + (cuts[i % cuts.length] ?? 1));
          messages += counter.count(piece, piece.length);
          at += piece.length;
        }
        expect(messages).toBe(payloads.length);
      }),
    );
  });

  test("reads only the given length of a larger buffer", () => {
    const bytes = Buffer.concat([frame(5), frame(5)]);
    expect(new FrameCounter().count(bytes, frame(5).length)).toBe(1);
  });

  test("notices a close frame", () => {
    const counter = new FrameCounter();
    counter.count(frame(2, { opcode: 8 }), 4);
    expect(counter.closed).toBe(true);
  });

  test("refuses a masked frame", () => {
    expect(() => new FrameCounter().count(Buffer.from([0x81, 0x80, 0, 0, 0, 0]), 6)).toThrow("masked");
  });
});
