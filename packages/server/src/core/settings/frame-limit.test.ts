import { testApp } from "@sealcast/server-testing";
import { expect, test } from "vitest";
import { defaultMaxFrameBytes } from "./frame-limit.ts";

test.each([
  { what: "no app", apps: [], bytes: 65_536 },
  { what: "large members", apps: [testApp({ maxMemberBytes: 20_000 }), testApp()], bytes: 65_536 + 6 * 20_000 },
  { what: "large events", apps: [testApp(), testApp({ maxEventBytes: 1_048_576 })], bytes: 65_536 + 6 * 1_048_576 },
])("with $what, a message may take $bytes bytes", ({ apps, bytes }) => {
  expect(defaultMaxFrameBytes(apps)).toBe(bytes);
});
