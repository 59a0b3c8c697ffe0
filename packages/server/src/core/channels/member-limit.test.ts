import { expect, test } from "vitest";
import { defaultAppSettings } from "../apps/app.ts";
import { memberLimit } from "./member-limit.ts";

test.each([
  { what: "the default limits", settings: defaultAppSettings, most: 100 },
  {
    what: "the most members of the default size",
    settings: { ...defaultAppSettings, maxPresenceMembers: 10_000 },
    most: 10_000,
  },
  { what: "the largest members", settings: { maxPresenceMembers: 10_000, maxMemberBytes: 65_536 }, most: 160 },
  { what: "few of the largest members", settings: { maxPresenceMembers: 159, maxMemberBytes: 65_536 }, most: 159 },
])("[PRES9] with $what, a presence channel has room for $most users", ({ settings, most }) => {
  expect(memberLimit(settings)).toBe(most);
});
