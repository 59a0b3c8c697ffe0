import type { LogEntry } from "@sealcast/server/console";
import { encodeBase64Url } from "@sealcast/crypto";
import { expect, test } from "vitest";
import { seenKeys } from "./seen-keys.ts";

const idOf = (byte: number): string => encodeBase64Url(new Uint8Array(8).fill(byte));

/** An envelope with a key id of eight equal bytes. */
function envelope(id: number): string {
  return JSON.stringify({ sealed: encodeBase64Url(Uint8Array.of(2, 1, ...Array<number>(8).fill(id), 0, 0)) });
}

const entry = (channel: string, data: string, timeMs: number): LogEntry => ({
  id: timeMs,
  node: "a",
  type: "api-message",
  details: "",
  channel,
  data,
  timeMs,
});

test("counts the key ids on each sealed channel, the latest first", () => {
  const entries = [
    entry("private-sealed-a", envelope(1), 1),
    entry("private-sealed-a", envelope(1), 2),
    entry("presence-sealed-b", envelope(1), 3),
    entry("private-sealed-a", envelope(2), 4),
    entry("private-a", envelope(3), 5),
    entry("private-sealed-a", "{}", 6),
  ];
  expect(seenKeys(entries)).toEqual([
    { keyId: idOf(2), channel: "private-sealed-a", events: 1, lastMs: 4 },
    { keyId: idOf(1), channel: "presence-sealed-b", events: 1, lastMs: 3 },
    { keyId: idOf(1), channel: "private-sealed-a", events: 2, lastMs: 2 },
  ]);
});
