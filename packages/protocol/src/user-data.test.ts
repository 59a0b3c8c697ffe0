import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseUserData } from "./user-data.ts";

describe("user data", () => {
  test.each([
    ['{"id":"12345"}', { id: "12345", userInfo: undefined, watchlist: [] }],
    ['{"id":"a","watchlist":null}', { id: "a", userInfo: undefined, watchlist: [] }],
    [
      '{"id":"a","user_info":{"name":"Zoë"},"watchlist":["2","3"],"more":1}',
      { id: "a", userInfo: '{"name":"Zoë"}', watchlist: ["2", "3"] },
    ],
  ])("[USER2] reads %s", (text, user) => {
    expect(parseUserData(text)).toEqual({ ok: true, value: user });
  });

  test.each([
    ["", "invalidUserData"],
    ["null", "invalidUserData"],
    ['"12345"', "invalidUserData"],
    ['["12345"]', "invalidUserData"],
    ['{"id":"a","watchlist":"b"}', "invalidUserData"],
    ['{"id":"a","watchlist":{"0":"b"}}', "invalidUserData"],
    ['{"id":"a","watchlist":[1]}', "invalidUserData"],
    ["{}", "invalidUserId"],
    ['{"id":""}', "invalidUserId"],
    ['{"id":12345}', "invalidUserId"],
    ['{"id":null}', "invalidUserId"],
    ['{"id":"a b"}', "invalidUserId"],
    ['{"__proto__":{"id":"admin"}}', "invalidUserId"],
  ])("[USER2] refuses %s", (text, id) => {
    expect(parseUserData(text)).toMatchObject({ ok: false, error: { id } });
  });

  test("[FRAME8] any text is a user or a problem", () => {
    const data = fc
      .record({ id: fc.jsonValue(), user_info: fc.jsonValue(), watchlist: fc.jsonValue() }, { requiredKeys: [] })
      .map((value) => JSON.stringify(value));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), data), (text) => {
        expect(typeof parseUserData(text).ok).toBe("boolean");
      }),
    );
  });
});
