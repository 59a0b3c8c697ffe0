import { closeReasons, type AppKey, type CloseReason } from "@sealcast/protocol";
import { describe, expect, test } from "vitest";
import { testApp } from "@sealcast/server-testing";
import { allowsOrigin, decideOpen, keyOfPath, type OpenFacts } from "./open.ts";

const allowed: OpenFacts = {
  key: "app-key" as AppKey,
  version: { ok: true, version: 7 },
  app: testApp({ maxConnections: 2 }),
  secure: false,
  origin: undefined,
  draining: false,
  connections: 1,
  overCapacity: false,
};

describe("deciding whether a connection may open", () => {
  test("[CONN1] a connection to an app that is enabled may open", () => {
    expect(decideOpen(allowed)).toEqual({ ok: true, app: allowed.app, protocolVersion: 7 });
  });

  // Each row is refused for its own reason, although all later rows hold, too.
  const rows: [title: string, facts: Partial<OpenFacts>, reason: CloseReason][] = [
    ["[CONN1] another path", { key: undefined }, closeReasons.pathNotFound],
    [
      "[CONN2] another version",
      { version: { ok: false, version: 8, reason: closeReasons.unsupportedVersion } },
      closeReasons.unsupportedVersion,
    ],
    ["[CONN6] an unknown key", { app: undefined }, closeReasons.appNotFound],
    ["[CONN7] a disabled app", { app: testApp({ enabled: false, forceTls: true }) }, closeReasons.appDisabled],
    ["[CONN7] no TLS", { app: testApp({ forceTls: true, allowedOrigins: ["https://a"] }) }, closeReasons.tlsRequired],
    [
      "[CONN11] another origin",
      { app: testApp({ allowedOrigins: ["https://a"] }), origin: "https://b" },
      closeReasons.originNotAllowed,
    ],
    ["a shutdown", { draining: true }, closeReasons.draining],
    ["[CONN8] a used quota", { connections: 2 }, closeReasons.overConnectionQuota],
    ["a full process", { overCapacity: true }, closeReasons.overCapacity],
  ];

  test.each(rows.map((row, index) => [...row, index] as const))("%s is refused", (_, facts, reason, index) => {
    expect(decideOpen({ ...allowed, ...facts })).toEqual({ ok: false, reason });
    const later = Object.assign(
      {},
      ...rows
        .slice(index)
        .map(([, one]) => one)
        .toReversed(),
    ) as Partial<OpenFacts>;
    expect(decideOpen({ ...allowed, ...later })).toEqual({ ok: false, reason });
  });

  test("[AUTH2] an app with authorized connections does not count yet", () => {
    const app = testApp({ maxConnections: 1, authorizedConnections: true });
    expect(decideOpen({ ...allowed, app, connections: 1 })).toMatchObject({ ok: true });
  });
});

test.each([
  ["/app/abc", "abc"],
  ["/app/abc/", "abc"],
  ["/app/a%20b", "a b"],
  ["/ws/app/abc", "abc"],
  ["/a/b/app/abc/", "abc"],
  ["ws/app/abc", undefined],
  ["/app/", undefined],
  ["/app/abc/def", undefined],
  ["/apps/abc", undefined],
])("[CONN1] [HTTP18] the key of %s is %s", (path, key) => {
  expect(keyOfPath(path)).toBe(key);
});

test("[CONN11] clients that send no origin pass, and an empty list allows all", () => {
  expect(allowsOrigin(testApp({ allowedOrigins: ["https://a"] }), undefined)).toBe(true);
  expect(allowsOrigin(testApp(), "https://b")).toBe(true);
  expect(allowsOrigin(testApp({ allowedOrigins: ["https://a"] }), "https://b")).toBe(false);
});
