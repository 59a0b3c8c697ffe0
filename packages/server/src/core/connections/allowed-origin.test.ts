import { expect, test } from "vitest";
import { isOriginAllowed } from "./allowed-origin.ts";

test.each([
  [[], "https://any.example", true],
  [["https://example.com"], undefined, true],
  [["https://example.com"], "https://example.com", true],
  [["https://example.com"], "https://EXAMPLE.com:443", true],
  [["http://localhost"], "http://localhost:80", true],
  [["https://example.com"], "http://example.com", false],
  [["https://example.com"], "https://example.com:8443", false],
  [["https://example.com"], "https://example.com.evil.example", false],
  [["https://example.com"], "null", false],
  [["null"], "null", true],
  [["https://*.example.com"], "https://app.example.com", true],
  [["https://*.example.com"], "https://a.b.example.com", false],
  [["https://*.example.com"], "https://example.com", false],
  [["https://*.example.com"], "https://.example.com", false],
  [["https://*.example.com"], "https://evil.example/.example.com", false],
  [["https://*.example.com"], "https://user@x.example.com", false],
  [["https://*.example.com:8443"], "https://app.example.com:8443", true],
  [["capacitor://localhost"], "capacitor://localhost", true],
  [["capacitor://localhost"], "https://localhost", false],
])("[CONN11] with %j allowed, a page of %j may connect: %j", (allowed, origin, expected) => {
  expect(isOriginAllowed(allowed, origin)).toBe(expected);
});
