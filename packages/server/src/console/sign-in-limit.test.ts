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
    limit.takeBack("a");
  }
});

test.each([
  { first: "2001:db8:1:2::1", second: "2001:db8:1:2:ffff:ffff:ffff:ffff", isSame: true },
  { first: "2001:db8:1:2::1", second: "2001:0DB8:0001:0002::5", isSame: true },
  { first: "fe80::1%eth0", second: "fe80::2%eth0", isSame: true },
  { first: "::ffff:203.0.113.9", second: "203.0.113.9", isSame: true },
  { first: "unknown", second: "unknown", isSame: true },
  { first: "2001:db8:1:2::1", second: "2001:db8:1:3::1", isSame: false },
  { first: "::ffff:203.0.113.9", second: "203.0.113.10", isSame: false },
  { first: "203.0.113.9", second: "203.0.113.10", isSame: false },
])("$first and $second share the attempts of a client: $isSame", ({ first, second, isSame }) => {
  const limit = new SignInLimit();
  for (let attempt = 0; attempt < 10; attempt += 1) limit.begin(first, 0);
  expect(limit.begin(second, 0) > 0).toBe(isSame);
});
