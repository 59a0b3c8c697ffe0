import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isUserId, parseUserId } from "./user-id.ts";

describe("user id", () => {
  test.each([["1"], ["ada@example.com"], ["a-Z_0=@,.;"], ["__proto__"], ["u".repeat(199)]])(
    "[NAME4] accepts %s",
    (id) => {
      expect(parseUserId(id)).toEqual({ ok: true, value: id });
    },
  );

  test.each([[""], ["a b"], ["a:b"], ["#1"], ["é"], ["1\n"], ["u".repeat(200)], [1], [null], [undefined], [{}]])(
    "[NAME4] refuses %j",
    (id) => {
      expect(parseUserId(id)).toMatchObject({ ok: false, error: { id: "invalidUserId" } });
    },
  );

  test("[NAME4] any text is a user id or a problem", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseUserId(text).ok).toBe(isUserId(text));
      }),
    );
  });
});
