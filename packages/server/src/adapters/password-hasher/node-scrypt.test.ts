import { expect, test } from "vitest";
import { createScryptHasher } from "./node-scrypt.ts";

const hasher = createScryptHasher();

test("a hash matches its password only, and two hashes of a password differ", async () => {
  const [first, second] = await Promise.all([hasher.hash("correct horse"), hasher.hash("correct horse")]);
  expect(first).not.toBe(second);
  expect(await hasher.matches("correct horse", first)).toBe(true);
  expect(await hasher.matches("correct horsf", first)).toBe(false);
});

test("two ways to write the same letter are one password", async () => {
  expect(await hasher.matches("\u00E9", await hasher.hash("e\u0301"))).toBe(true);
});

test.each(["", "correct horse", "scrypt:1:2:3", `scrypt:3:8:1:${"a".repeat(22)}:${"a".repeat(43)}`])(
  "the text %j is no hash and matches nothing",
  async (text) => {
    expect(await hasher.matches("correct horse", text)).toBe(false);
  },
);
