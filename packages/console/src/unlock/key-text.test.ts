import { encodeBase64 } from "@sealcast/crypto";
import { expect, test } from "vitest";
import { parseKeyText } from "./key-text.ts";

const first = encodeBase64(new Uint8Array(32).fill(1));
const second = encodeBase64(new Uint8Array(32).fill(2));

test("reads one key per line", () => {
  expect(parseKeyText(`${first}\n\n ${second} \n`)).toEqual({
    ok: true,
    keys: [
      { key: new Uint8Array(32).fill(1), fromMs: undefined },
      { key: new Uint8Array(32).fill(2), fromMs: undefined },
    ],
  });
});

test("reads a key ring, oldest key first", () => {
  const ring = { ring: [{ key: second, from: "2026-05-01T00:00:00Z" }, { key: first }], staggerMs: 5 };
  const parsed = parseKeyText(JSON.stringify(ring));
  expect(parsed.ok && parsed.keys.map(({ fromMs }) => fromMs)).toEqual([undefined, Date.UTC(2026, 4, 1)]);
});

test.each([
  ["", "Expected a master key or a key ring, got nothing"],
  ["secret words", "Line 1: expected base64, got other text"],
  [`${first}\nAAAA`, "Line 2: expected 32 bytes in base64, got 3 bytes"],
  ["{secret", "Expected JSON of a key ring, got something that is not JSON"],
  ['{"keys":["secret"]}', 'Expected an object with "ring", a list of keys'],
  ['{"ring":[{"key":"secret!"}]}', "Key 1 of the ring: expected base64, got other text"],
  [`{"ring":[{"key":"${first}","from":"secret"}]}`, 'Key 1 of the ring: expected a time in "from"'],
])("says what is wrong with %j, without repeating it", (text, problem) => {
  expect(parseKeyText(text)).toEqual({ ok: false, problem });
});
