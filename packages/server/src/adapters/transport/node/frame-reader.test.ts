import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FrameReader, type FrameEvents } from "./frame-reader.ts";

const maxMessageBytes = 1_000;

/** Writes down what a reader reports. */
class RecordedEvents implements FrameEvents {
  readonly seen: string[] = [];

  message(payload: Buffer, isBinary: boolean): void {
    this.seen.push(`${isBinary ? "binary" : "text"} ${payload.toString()}`);
  }

  ping(payload: Buffer): void {
    this.seen.push(`ping ${payload.toString()}`);
  }

  pong(): void {
    this.seen.push("pong");
  }

  closing(code: number | undefined): void {
    this.seen.push(`closing ${code}`);
  }

  violated(code: number): void {
    this.seen.push(`violated ${code}`);
  }
}

function frame(opcode: number, payload: string, isFinal = true, mask = [1, 2, 3, 4]): Buffer {
  const bytes = Buffer.from(payload);
  const length = bytes.length < 126 ? [bytes.length] : [126, bytes.length >> 8, bytes.length & 255];
  const head = [(isFinal ? 0x80 : 0) | opcode, 0x80 | (length[0] ?? 0), ...length.slice(1), ...mask];
  return Buffer.concat([Buffer.from(head), bytes.map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
}

/** What a reader reports of these chunks. */
function read(chunks: readonly Buffer[]): readonly string[] {
  const events = new RecordedEvents();
  const reader = new FrameReader(events, maxMessageBytes);
  for (const chunk of chunks) reader.read(Buffer.from(chunk));
  return events.seen;
}

/** Cuts bytes at these places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const starts = [0, ...places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b)];
  return starts.map((start, index) => bytes.subarray(start, starts[index + 1] ?? bytes.length));
}

describe("the reader of frames", () => {
  test("[FRAME9] reads the same, however the bytes are cut into chunks", () => {
    const message = fc.oneof(
      fc.string({ maxLength: 200 }).map((text) => ({ bytes: frame(1, text), seen: `text ${text}` })),
      fc.string({ maxLength: 50 }).map((text) => ({
        bytes: Buffer.concat([frame(1, text, false), frame(9, "x"), frame(0, text, false), frame(0, "")]),
        seen: `ping x|text ${text}${text}`,
      })),
      fc.constant({ bytes: frame(2, "b"), seen: "binary b" }),
      fc.constant({ bytes: frame(10, ""), seen: "pong" }),
    );
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), fc.array(fc.nat(), { maxLength: 20 }), (messages, places) => {
        const bytes = Buffer.concat([...messages.map((one) => one.bytes), frame(8, "\u0003\u00e8")]);
        const wanted = messages.map(({ seen }) => seen).join("|");
        expect(read(cut(bytes, places)).slice(0, -1).join("|")).toBe(wanted);
      }),
    );
  });

  test("[FRAME6] refuses a message that is too long when its length is known", () => {
    const head = Buffer.from([0x81, 0xfe, 0x03, 0xe9]);
    expect(read([head])).toEqual(["violated 1009"]);
    expect(read([frame(1, "x".repeat(900), false), frame(0, "x".repeat(101))])).toEqual(["violated 1009"]);
    expect(read([frame(1, "x".repeat(1_000))])).toEqual([`text ${"x".repeat(1_000)}`]);
  });

  test("reads nothing behind a violation or a Close frame", () => {
    expect(read([Buffer.concat([frame(3, ""), frame(1, "x")]), frame(1, "y")])).toEqual(["violated 1002"]);
    expect(read([Buffer.concat([frame(8, ""), frame(1, "x")]), frame(1, "y")])).toEqual(["closing undefined"]);
  });
});
