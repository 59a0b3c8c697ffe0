import { expect, test } from "vitest";
import { decodeAttempt, encodeAttempt } from "./sign-on-cookie.ts";

const attempt = { state: "s-._~", nonce: "n", codeVerifier: "v".repeat(43) };

test("an attempt comes back until ten minutes later", () => {
  const cookie = encodeAttempt(attempt, 1_000);
  expect(cookie).toMatch(/^[\w-]+$/);
  expect(decodeAttempt(cookie, 600_999)).toEqual(attempt);
  expect(decodeAttempt(cookie, 601_000)).toBeUndefined();
});

test.each([
  "",
  "x",
  "e30",
  btoa('{"state":1,"nonce":"n","codeVerifier":"v","untilMs":9e15}'),
  btoa("[]"),
  btoa("null"),
])("%o is no attempt", (cookie) => {
  expect(decodeAttempt(cookie, 0)).toBeUndefined();
});
