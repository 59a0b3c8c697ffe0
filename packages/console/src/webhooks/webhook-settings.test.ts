import { expect, test } from "vitest";
import { headerText, parseHeaders, withWebhook } from "./webhook-settings.ts";

const first = { url: "https://a.example", events: [], channels: { prefix: "", suffix: "" }, headers: {}, batch: false };
const second = { ...first, url: "https://b.example" };

test("headers are one per line, and empty lines do not count", () => {
  const headers = { "X-Tenant": "7", authorization: "Bearer a:b" };
  expect(headerText(headers)).toBe("X-Tenant: 7\nauthorization: Bearer a:b");
  expect(parseHeaders(`${headerText(headers)}\n\n`)).toEqual({ ok: true, headers });
  expect(parseHeaders("")).toEqual({ ok: true, headers: {} });
});

test.each(["no colon", ": no name"])("%j is not a header", (line) => {
  expect(parseHeaders(`a: b\n${line}`)).toEqual({ ok: false, line });
});

test("one webhook is added, changed or left out, and the others stay", () => {
  const other = { ...first, batch: true };
  expect(withWebhook([first], undefined, second)).toEqual([first, second]);
  expect(withWebhook([first, second], first, other)).toEqual([other, second]);
  expect(withWebhook([first, second], first, undefined)).toEqual([second]);
});

test("what somebody else has changed or removed meanwhile is not overwritten, and no other webhook is", () => {
  const changed = { ...first, batch: true };
  expect(withWebhook([second, changed], first, second)).toBeUndefined();
  expect(withWebhook([second], first, undefined)).toBeUndefined();
  expect(withWebhook([second, first], first, undefined)).toEqual([second]);
});
