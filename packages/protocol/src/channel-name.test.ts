import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseChannelName, serverToUserChannel, userOfChannel } from "./channel-name.ts";
import { parseUserId } from "./user-id.ts";

const allowed = "ABCXYZabcxyz0189_-=@,.;".split("");

describe("channel name", () => {
  test.each([
    ["a"],
    ["private-a"],
    ["A-Za-z0-9_-=@,.;"],
    ["-"],
    ["."],
    ["__proto__"],
    ["constructor"],
    ["toString"],
    ["a".repeat(164)],
  ])("[NAME1] accepts %s", (name) => {
    expect(parseChannelName(name)).toEqual({ ok: true, value: name });
  });

  test.each([
    ["", "not empty"],
    ["a b", "only letters"],
    ["a:b", "only letters"],
    ["a/b", "only letters"],
    ["a\n", "only letters"],
    ["\na", "only letters"],
    ["a\u0000", "only letters"],
    ["é", "only letters"],
    ["private-#a", "only letters"],
    [':user::{"id":"admin"}', "only letters"],
    ["a".repeat(165), "at most 164"],
    [undefined, "expected a string"],
    [null, "expected a string"],
    [7, "expected a string"],
    [["a"], "expected a string"],
    [{ toString: () => "a" }, "expected a string"],
  ])("[NAME1] refuses %j", (name, why) => {
    const parsed = parseChannelName(name);
    expect(parsed).toMatchObject({ ok: false, error: { id: "invalidChannelName" } });
    expect(parsed).toHaveProperty("error.message", expect.stringContaining(why));
  });

  test("[NAME1] uses the length limit of the app", () => {
    expect(parseChannelName("a".repeat(200), 200).ok).toBe(true);
    expect(parseChannelName("a".repeat(201), 200).ok).toBe(false);
  });

  test.each([
    ["#server-to-user-12345", true],
    ["#server-to-user-" + "u".repeat(199), true],
    ["#server-to-user-" + "u".repeat(200), false],
    ["#server-to-user-", false],
    ["#server-to-user-a b", false],
    ["#server-to-user-#", false],
    ["#server-to-user", false],
    ["#a", false],
    ["#", false],
    [" #server-to-user-1", false],
  ])("[NAME2] %s: %s", (name, good) => {
    expect(parseChannelName(name).ok).toBe(good);
  });

  test("[NAME1] accepts a name exactly if it is short enough and has only allowed characters", () => {
    const unit = fc.oneof({ weight: 20, arbitrary: fc.constantFrom(...allowed) }, fc.string({ maxLength: 2 }));
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 170 }), (name) => {
        const good = name.length > 0 && name.length <= 164 && name.split("").every((c) => /[\w=@,.;-]/.test(c));
        expect(parseChannelName(name).ok).toBe(good);
      }),
    );
  });

  test("[NAME2] returns the user of a server-to-user channel", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...allowed), minLength: 1, maxLength: 199 }), (id) => {
        const user = parseUserId(id);
        if (!user.ok) throw new Error("not a user id");
        const channel = serverToUserChannel(user.value);
        expect(parseChannelName(channel)).toEqual({ ok: true, value: channel });
        expect(userOfChannel(channel)).toBe(id);
      }),
    );
  });

  test("[NAME2] other channels belong to no user", () => {
    const channel = parseChannelName("private-server-to-user-1");
    expect(channel.ok && userOfChannel(channel.value)).toBeUndefined();
  });
});
