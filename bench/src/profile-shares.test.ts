import { expect, test } from "vitest";
import { profileShares, type CpuProfile } from "./profile-shares.ts";

const frame = (functionName: string, url = ""): CpuProfile["nodes"][number]["callFrame"] => ({ functionName, url });

const profile: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame("(root)"), children: [2, 3, 7] },
    { id: 2, callFrame: frame("(idle)") },
    { id: 3, callFrame: frame("emit", "node:events"), children: [4] },
    { id: 4, callFrame: frame("publish", "file:///a.js"), children: [5] },
    { id: 5, callFrame: frame("write", "node:net"), children: [6] },
    { id: 6, callFrame: frame("writev") },
    { id: 7, callFrame: frame("(garbage collector)") },
  ],
  samples: [2, 3, 4, 6, 7],
  timeDeltas: [1000, 10, 20, 60, 10],
};
const partOf = (url: string): string | undefined => (url.endsWith("a.js") ? "ours" : undefined);

test("gives native time to the innermost part that called it, and leaves idle time out", () => {
  expect([...profileShares(profile, partOf)]).toEqual([
    ["ours", 0.8],
    ["", 0.1],
    ["garbage collection", 0.1],
  ]);
});

test("is empty for a profile without samples", () => {
  expect(profileShares({ nodes: [] }, partOf).size).toBe(0);
});
