import { describe, expect, test } from "vitest";
import { isClientEvent, isReservedEvent, parseEventName } from "./event-name.ts";

describe("event name", () => {
  test.each([
    ["a"],
    ["App\\Events\\OrderShipped"],
    ["order:shipped now"],
    ["日本語"],
    ["pusher:anything"],
    ["__proto__"],
    ["x".repeat(200)],
    ["😀".repeat(200)],
  ])("[NAME3] [NAME5] accepts %s", (name) => {
    expect(parseEventName(name)).toEqual({ ok: true, value: name });
  });

  test.each([[""], ["x".repeat(201)], ["😀".repeat(201)], [undefined], [null], [1], [[]], [{}]])(
    "[NAME3] refuses %j",
    (name) => {
      expect(parseEventName(name)).toMatchObject({ ok: false, error: { id: "invalidEventName" } });
    },
  );

  test.each([
    ["client-move", true, false],
    ["client-", true, false],
    ["client", false, false],
    ["Client-move", false, false],
    [" client-move", false, false],
    ["pusher:subscribe", false, true],
    ["pusher:", false, true],
    ["pusher_internal:member_added", false, true],
    ["pusher", false, false],
    ["pusher-event", false, false],
    ["Pusher:event", false, false],
    ["my-pusher:event", false, false],
  ])("[NAME3] %s: client event %s, reserved %s", (name, client, reserved) => {
    expect(isClientEvent(name)).toBe(client);
    expect(isReservedEvent(name)).toBe(reserved);
  });
});
