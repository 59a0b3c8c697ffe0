import { expect, test } from "vitest";
import { isLoopbackName } from "./loopback-name.ts";

test.each([
  ["localhost", true],
  ["LOCALHOST", true],
  ["127.0.0.1", true],
  ["127.9.9.9", true],
  ["[::1]", true],
  ["::ffff:127.0.0.1", true],
  ["127.0.0.1.example.com", false],
  ["localhost.example.com", false],
  ["10.0.0.1", false],
  ["::ffff:10.0.0.1", false],
  ["", false],
])("%s always means this machine: %s", (host, expected) => {
  expect(isLoopbackName(host)).toBe(expected);
});
