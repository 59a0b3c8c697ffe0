import { expect, test } from "vitest";
import { SignInLimit } from "./sign-in-limit.ts";

test("an address has ten failures a minute, and others are not affected", () => {
  const limit = new SignInLimit();
  for (let attempt = 0; attempt < 10; attempt += 1) expect(limit.begin("a", 1_000)).toBe(0);
  expect(limit.begin("a", 2_000)).toBe(59_000);
  expect(limit.begin("b", 2_000)).toBe(0);
  expect(limit.begin("a", 61_000)).toBe(0);
});

test("successful attempts do not count", () => {
  const limit = new SignInLimit();
  for (let attempt = 0; attempt < 100; attempt += 1) {
    expect(limit.begin("a", 0)).toBe(0);
    limit.succeeded("a");
  }
});
