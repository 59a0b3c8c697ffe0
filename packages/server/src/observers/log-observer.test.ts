import { expect, test } from "vitest";
import type { SocketId } from "@sealcast/protocol";
import { silentLog } from "@sealcast/server-testing";
import type { LogFields, LogLevel } from "../ports/log.ts";
import { createLogObserver } from "./log-observer.ts";
import { logLines } from "./log-lines.ts";
import { observeAll } from "./observe-all.ts";

const closed = {
  kind: "connection-closed",
  app: "1001" as never,
  socketId: "1.2" as SocketId,
  address: "192.0.2.1",
  origin: undefined,
  sdk: undefined,
  code: 4101,
  reason: "Connection reads too slowly",
  userId: undefined,
  channels: [],
  lifetimeMs: 12,
} as const;

function logAt(level: LogLevel): { lines: unknown[]; log: Parameters<typeof createLogObserver>[0] } {
  const lines: unknown[] = [];
  const at = (name: LogLevel) => (event: string, fields?: LogFields) => void lines.push([name, event, fields]);
  return { lines, log: { level, debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") } };
}

test("a line is written at its level, under its name", () => {
  const { lines, log } = logAt("debug");
  const observer = createLogObserver(log);
  observer.observe(closed);
  const fields = { app: "1001", socketId: "1.2", code: 4101, reason: "Connection reads too slowly", lifetimeMs: 12 };
  expect(lines).toEqual([["debug", "connection.closed", fields]]);
});

test.each<[LogLevel, string[]]>([
  ["debug", ["connection-opened", "draining", "engine-unavailable", "request-failed"]],
  ["info", ["draining", "engine-unavailable", "request-failed"]],
  ["warn", ["engine-unavailable", "request-failed"]],
  ["error", ["request-failed"]],
  ["silent", []],
])("a log at level %s wants what it writes", (level, expected) => {
  const observer = createLogObserver(logAt(level).log);
  const kinds = ["connection-opened", "draining", "engine-unavailable", "request-failed"] as const;
  expect(kinds.filter((kind) => observer.wants(kind))).toEqual(expected);
});

test("no line tells of events, whose data is not for the log", () => {
  expect(Object.keys(logLines)).not.toContain("published");
  expect(Object.keys(logLines)).not.toContain("client-event");
  expect(createLogObserver(silentLog).wants("published")).toBe(false);
});

test("each observer gets what it wants", () => {
  const seen: string[] = [];
  const observer = observeAll([
    { wants: (kind) => kind === "draining", observe: ({ kind }) => void seen.push(`first ${kind}`) },
    { wants: () => true, observe: ({ kind }) => void seen.push(`second ${kind}`) },
  ]);
  observer.observe(closed);
  observer.observe({ kind: "draining", connections: 1, seconds: 2 });
  expect(seen).toEqual(["second connection-closed", "first draining", "second draining"]);
  expect(observeAll([]).wants("draining")).toBe(false);
});
