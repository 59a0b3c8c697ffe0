import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseSocketId, socketIdOf } from "./socket-id.ts";

describe("socket id", () => {
  test.each([["1.2"], ["0.0"], ["1234.1234"], ["46372.128741"], [`${"9".repeat(20)}.${"9".repeat(20)}`]])(
    "[CONN5] accepts %s",
    (id) => {
      expect(parseSocketId(id)).toEqual({ ok: true, value: id });
    },
  );

  test.each([
    [""],
    ["1"],
    ["1."],
    [".1"],
    ["1.2.3"],
    ["1,2"],
    ["-1.2"],
    ["1.2\n"],
    ["\n1.2"],
    [" 1.2"],
    ["1.2:private-a"],
    ["1e3.2"],
    ["١.٢"],
    [`${"9".repeat(21)}.1`],
    [1.2],
    [null],
    [undefined],
  ])("[CONN5] refuses %j", (id) => {
    expect(parseSocketId(id)).toMatchObject({ ok: false, error: { id: "invalidSocketId" } });
  });

  test("[CONN5] accepts every pair of numbers", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (first, second) => {
        expect(parseSocketId(socketIdOf(first, second)).ok).toBe(true);
      }),
    );
  });
});
