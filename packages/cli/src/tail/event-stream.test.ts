import { expect, test } from "vitest";
import { parseEventStream, type ServerSentEvent } from "./event-stream.ts";

async function parse(...pieces: readonly Uint8Array[]): Promise<ServerSentEvent[]> {
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield* pieces;
  }
  const events: ServerSentEvent[] = [];
  for await (const event of parseEventStream(stream())) events.push(event);
  return events;
}

const whole = new TextEncoder().encode(
  'id: 7\n\nevent: entries\ndata: ["Grüße"]\n\n: comment\n\ndata: a\ndata: b\n\ndata: cut',
);

test("events are parsed, comments and incomplete events are not", async () => {
  expect(await parse(whole)).toEqual([
    { name: "entries", data: '["Grüße"]' },
    { name: "message", data: "a\nb" },
  ]);
});

test("it does not matter where the stream is cut", async () => {
  const expected = await parse(whole);
  for (let cut = 0; cut <= whole.length; cut += 1) {
    expect(await parse(whole.subarray(0, cut), whole.subarray(cut))).toEqual(expected);
  }
});
