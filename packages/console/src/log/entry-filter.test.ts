import type { LogEntry } from "@sealcast/server/console";
import { expect, test } from "vitest";
import { parseFilter } from "./entry-filter.ts";

const entry: LogEntry = {
  id: 1,
  node: "a",
  timeMs: new Date(2026, 10, 28, 12, 35, 11).getTime(),
  type: "api-message",
  channel: "private-Orders",
  event: "paid",
  data: '{"order":7}',
  details: "Channel: private-Orders, Event: paid",
};

test.each([
  ["", true],
  ["orders", true],
  ["ORDERS paid", true],
  ["orders refunded", false],
  ["channel:orders", true],
  ["event:orders", false],
  ["type:api", true],
  ["time:12:35:11", true],
  ["12:35:11", true],
  ['"order":7', true],
  ["socket:1", false],
  ["constructor:x", false],
  ['channel:"private-orders"', true],
  ['channel:"orders"', false],
  ['channel:"private-orders" event:"paid"', true],
  ['event:"not paid"', false],
  ['user:""', false],
  ["channel:", true],
  ["user:", false],
])("the filter %j decides %s", (text, expected) => {
  expect(parseFilter(text)(entry)).toBe(expected);
});
