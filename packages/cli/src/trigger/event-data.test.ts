import { expect, test } from "vitest";
import { eventData } from "./event-data.ts";

test.each(["news", "private-news", "presence-room", "cache-news", "private-encrypted"])(
  "text for %s is sent as it is",
  (channel) => {
    expect(eventData('{"a":1}', channel)).toBe('{"a":1}');
  },
);

test.each([
  "private-encrypted-orders",
  "private-encrypted-cache-orders",
  "private-sealed-orders",
  "private-cache-sealed-orders",
  "presence-sealed-orders",
  "presence-cache-sealed-orders",
])("JSON for %s is sent as the value that clients of other channels read", (channel) => {
  expect(eventData('{"a":1}', channel)).toEqual({ a: 1 });
  expect(eventData("12", channel)).toBe(12);
  expect(eventData("Hello", channel)).toBe("Hello");
});
