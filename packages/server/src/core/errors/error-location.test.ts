import { describe, expect, test } from "vitest";
import { errorLocation } from "./error-location.ts";

describe("an unexpected error in the log", () => {
  test("[ERR2] tells kind and place, and nothing of its message", () => {
    const where = errorLocation(new TypeError("top secret\n    at secret"));
    expect(where).toMatch(/^TypeError at .*error-location\.test\.ts/);
    expect(where).not.toContain("secret");
  });

  test.each([
    ["text", "string"],
    [undefined, "undefined"],
    [{ message: "secret" }, "object"],
  ])("what is no error is named by its type: %j", (thrown, where) => {
    expect(errorLocation(thrown)).toBe(where);
  });

  test("an error without a stack is named by its kind", () => {
    const error = new RangeError("secret");
    delete error.stack;
    expect(errorLocation(error)).toBe("RangeError");
  });
});
