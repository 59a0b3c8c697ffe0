import { describe, expect, test } from "vitest";
import { closeReasons, type CloseReason, type Retry } from "./close-reason.ts";
import { utf8Length } from "./utf8-length.ts";

const rows = Object.entries<CloseReason>(closeReasons);

/** What the protocol makes clients do after a close with this code. */
function retryOfCode(code: number): Retry {
  if (code < 4000) return "with-back-off";
  if (code < 4100) return "never";
  if (code < 4200) return "with-back-off";
  return "at-once";
}

describe("close reasons", () => {
  test.each(rows)("[CLOSE1] %s: the range of its code agrees with `retry`", (_, { code, retry }) => {
    expect(retry).toBe(retryOfCode(code));
    expect(code < 4000 ? [1003, 1007, 1009] : [code]).toContain(code);
    expect(code).toBeLessThan(4300);
  });

  test.each([
    ["overCapacity"],
    ["draining"],
    ["slowConsumer"],
    ["tooManyMessages"],
    ["shuttingDown"],
    ["pongNotReceived"],
  ] as const)("[CLOSE1] %s passes, so that clients come back", (id) => {
    expect(closeReasons[id].retry).not.toBe("never");
  });

  test.each(rows)("[CLOSE2] %s: its reason is not empty and fits a close frame", (_, { message, fix }) => {
    expect(utf8Length(message)).toBeLessThanOrEqual(123);
    expect(message).toMatch(/^[A-Z].*[^.]$/);
    expect(fix).toMatch(/^[A-Z].*\.$/s);
  });

  test("[CLOSE2] no two reasons have the same text", () => {
    expect(new Set(rows.map(([, { message }]) => message)).size).toBe(rows.length);
  });

  test.each([
    [4000, "tlsRequired"],
    [4001, "appNotFound"],
    [4003, "appDisabled"],
    [4004, "overConnectionQuota"],
    [4005, "pathNotFound"],
    [4006, "invalidVersion"],
    [4007, "unsupportedVersion"],
    [4008, "noVersion"],
    [4009, "notAuthorizedInTime"],
    [4009, "userTerminated"],
    [4100, "overCapacity"],
    [4100, "draining"],
    [4200, "shuttingDown"],
    [4201, "pongNotReceived"],
    [4202, "inactive"],
  ] as const)("[CLOSE1] %i is the protocol's code for %s", (code, id) => {
    expect(closeReasons[id].code).toBe(code);
  });
});
