import { describe, expect, test } from "vitest";
import { parseInfo } from "./info.ts";

const known = ["user_count", "subscription_count"] as const;

describe("info", () => {
  test.each<[title: string, value: unknown, attributes: readonly string[]]>([
    ["nothing", undefined, []],
    ["null", null, []],
    ["empty", "", []],
    ["one", "user_count", ["user_count"]],
    ["two", "subscription_count,user_count", ["subscription_count", "user_count"]],
    ["spaces", " user_count , subscription_count", ["user_count", "subscription_count"]],
  ])("[HTTP3] %s", (_, value, attributes) => {
    expect(parseInfo(value, known)).toEqual({ ok: true, value: attributes });
  });

  test.each<[title: string, value: unknown, message: string]>([
    ["an attribute of another endpoint", "cache", 'Invalid info: "cache" is not one of user_count, subscription_count'],
    ["a trailing comma", "user_count,", 'Invalid info: "" is not one of user_count, subscription_count'],
    ["a member of objects", "__proto__", 'Invalid info: "__proto__" is not one of user_count, subscription_count'],
    ["a list", ["user_count"], "Invalid info: expected attributes joined by commas, got an array"],
  ])("[HTTP13] %s is refused", (_, value, message) => {
    expect(parseInfo(value, known)).toEqual({ ok: false, error: { id: "invalidParameter", message } });
  });
});
