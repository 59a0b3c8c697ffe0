import { closeReasons } from "@sealcast/protocol";
import { describe, expect, test } from "vitest";
import { closeAction } from "./close-action.ts";

describe("a close code", () => {
  test.each([
    [1000, "reconnect"],
    [1001, "reconnect"],
    [1002, "back-off"],
    [1003, "back-off"],
    [1004, "back-off"],
    [1005, "reconnect"],
    [1006, "reconnect"],
    [1011, "reconnect"],
    [3999, "reconnect"],
    [4000, "use-tls"],
    [4001, "give-up"],
    [4009, "give-up"],
    [4099, "give-up"],
    [4100, "back-off"],
    [4199, "back-off"],
    [4200, "at-once"],
    [4201, "at-once"],
    [4299, "at-once"],
    [4300, "give-up"],
    [4999, "give-up"],
  ])("%i: %s", (code, action) => {
    expect(closeAction(code)).toBe(action);
  });

  test("of our server leads to what its catalogue says", () => {
    const retryOf = {
      reconnect: "with-back-off",
      "back-off": "with-back-off",
      "use-tls": "never",
      "give-up": "never",
      "at-once": "at-once",
    } as const;
    for (const { code, retry } of Object.values(closeReasons))
      expect(retryOf[closeAction(code)], `${code}`).toBe(retry);
  });
});
