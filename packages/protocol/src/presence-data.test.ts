import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memberOf, parsePresenceData } from "./presence-data.ts";

describe("presence data", () => {
  test.each([
    ['{"user_id":"u1"}', "u1", undefined],
    ['{"user_id":"u1","user_info":null}', "u1", undefined],
    ['{"user_id":"u1","user_info":{"name":"Ada"}}', "u1", '{"name":"Ada"}'],
    ['{"user_id":"u1","user_info":"Ada"}', "u1", '"Ada"'],
    ['{"user_id":"u1","user_info":false,"more":1}', "u1", "false"],
    ['{"user_id":"日本"}', "日本", undefined],
    ['{"user_id":"__proto__","user_info":{"__proto__":1}}', "__proto__", '{"__proto__":1}'],
    [`{"user_id":"${"u".repeat(128)}"}`, "u".repeat(128), undefined],
  ])("[PRES7] reads %s", (text, userId, userInfo) => {
    expect(parsePresenceData(text)).toEqual({ ok: true, value: { userId, userInfo } });
  });

  test.each([
    ["10", "10"],
    ["-1", "-1"],
    ["0", "0"],
    ["1.5", "1.5"],
    ["9007199254740991", "9007199254740991"],
  ])("[PRES6] converts the number %s to a string", (number, userId) => {
    expect(parsePresenceData(`{"user_id":${number}}`)).toMatchObject({ ok: true, value: { userId } });
  });

  test.each([["9007199254740993"], ["-9007199254740993"], ["123456789012345678901"], ["1e400"]])(
    "[PRES6] refuses the number %s, which lost digits",
    (number) => {
      const parsed = parsePresenceData(`{"user_id":${number}}`);
      expect(parsed).toMatchObject({ ok: false, error: { id: "invalidChannelData" } });
      expect(parsed).toHaveProperty("error.message", expect.stringContaining("as a string"));
    },
  );

  test.each([
    [""],
    ["u1"],
    ["null"],
    ['"u1"'],
    ['["u1"]'],
    ["{}"],
    ['{"user_id":""}'],
    ['{"user_id":null}'],
    ['{"user_id":true}'],
    ['{"user_id":{"id":1}}'],
    ['{"__proto__":{"user_id":"u1"}}'],
    [`{"user_id":"${"u".repeat(129)}"}`],
  ])("[PRES7] refuses %s", (text) => {
    expect(parsePresenceData(text)).toMatchObject({ ok: false, error: { id: "invalidChannelData" } });
  });

  test.each([
    ["x".repeat(1_022), true],
    ["x".repeat(1_023), false],
    ["é".repeat(511), true],
    ["é".repeat(512), false],
  ])("[PRES10] user_info is measured in bytes of JSON (case %#)", (info, good) => {
    const parsed = parsePresenceData(JSON.stringify({ user_id: "u", user_info: info }));
    expect(parsed.ok || parsed.error.id).toBe(good || "memberTooLarge");
  });

  test("[PRES10] uses the size limit of the app", () => {
    expect(memberOf("u", `"${"x".repeat(2_000)}"`, 2_002).ok).toBe(true);
    expect(memberOf("u".repeat(128), '"x"', 3).ok).toBe(true);
    expect(memberOf("u".repeat(129), '"x"', 3)).toMatchObject({ ok: false, error: { id: "invalidChannelData" } });
    expect(memberOf("u", '"xx"', 3)).toMatchObject({ ok: false, error: { id: "memberTooLarge" } });
  });

  test("[FRAME10] user_info is passed on as the text it was", () => {
    const info = '{"price": 1.10, "id":12345678901234567890,"big":1e400}';
    expect(parsePresenceData(`{"user_info":${info} ,"user_id":"u"}`)).toMatchObject({ value: { userInfo: info } });
  });

  test("[PRES10] escapes that JSON does not need do not make user_info larger", () => {
    const info = String.raw`"${"\u00e9".repeat(511)}"`;
    const text = `{"user_id":"u","user_info":${info}}`;
    expect(parsePresenceData(text)).toEqual({ ok: true, value: { userId: "u", userInfo: info } });
    expect(parsePresenceData(text, 1_023)).toMatchObject({ ok: false, error: { id: "memberTooLarge" } });
  });

  test("[NAME5] characters of a user id are counted once each", () => {
    expect(memberOf("😀".repeat(128), undefined, 3).ok).toBe(true);
    expect(memberOf("😀".repeat(129), undefined, 3)).toMatchObject({ error: { id: "invalidChannelData" } });
  });

  test("[FRAME8] refuses channel_data that is nested too deeply", () => {
    const depth = 600;
    const text = `{"user_id":"u","user_info":${"[".repeat(depth)}${"]".repeat(depth)}}`;
    expect(parsePresenceData(text, Number.MAX_SAFE_INTEGER)).toMatchObject({ error: { id: "invalidChannelData" } });
  });

  test("[FRAME8] any text is a member or a problem; a member has the id and info of the text", () => {
    const data = fc
      .record({ user_id: fc.jsonValue(), user_info: fc.jsonValue() })
      .map((value) => JSON.stringify(value));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), data), (text) => {
        const parsed = parsePresenceData(text);
        if (!parsed.ok) return;
        const written = JSON.parse(text) as { user_id: unknown };
        expect(parsed.value.userId).toBe(String(written.user_id));
      }),
    );
  });
});
