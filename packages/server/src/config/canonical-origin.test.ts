import { expect, test } from "vitest";
import { canonicalOrigin } from "./canonical-origin.ts";

test.each([
  ["https://example.com", "https://example.com"],
  ["https://Example.com", "https://example.com"],
  ["HTTPS://example.com/", "https://example.com"],
  ["https://example.com:443", "https://example.com"],
  ["http://example.com:443", "http://example.com:443"],
  ["http://localhost:80", "http://localhost"],
  ["https://münchen.example", "https://xn--mnchen-3ya.example"],
  ["http://[::1]:3000", "http://[::1]:3000"],
  ["https://*.example.com", "https://*.example.com"],
  ["https://*.Example.com:443", "https://*.example.com"],
  ["http://*.localhost:3000", "http://*.localhost:3000"],
  ["capacitor://localhost", "capacitor://localhost"],
  ["ionic://localhost", "ionic://localhost"],
  ["tauri://localhost", "tauri://localhost"],
  ["app://-", "app://-"],
  ["file://", "file://"],
  ["chrome-extension://abcdefghijklmnop", "chrome-extension://abcdefghijklmnop"],
  ["null", "null"],
])("%s is %s as browsers send it", (entry, origin) => {
  expect(canonicalOrigin(entry)).toBe(origin);
});

test.each([
  "",
  "*",
  "example.com",
  "https://",
  "https://*",
  "https://*.com",
  "https://a.*.example.com",
  "https://*.*.example.com",
  "https://app*.example.com",
  "https://example.com/page",
  "https://example.com?x",
  "https://user@example.com",
  "https://exa mple.com",
  "https://example.com:99999",
  "wss://example.com",
  "NULL",
])("%j matches no origin", (entry) => {
  expect(canonicalOrigin(entry)).toBeUndefined();
});
