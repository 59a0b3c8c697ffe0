import { expect, test } from "vitest";
import type { SocketId } from "@sealcast/protocol";
import { FakeClock, silentLog } from "@sealcast/server-testing";
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
  const observer = createLogObserver(log, new FakeClock());
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
  const observer = createLogObserver(logAt(level).log, new FakeClock());
  const kinds = ["connection-opened", "draining", "engine-unavailable", "request-failed"] as const;
  expect(kinds.filter((kind) => observer.wants(kind))).toEqual(expected);
});

test("no line tells of events, whose data is not for the log", () => {
  expect(Object.keys(logLines)).not.toContain("published");
  expect(Object.keys(logLines)).not.toContain("client-event");
  expect(createLogObserver(silentLog, new FakeClock()).wants("published")).toBe(false);
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

const refused = {
  kind: "request-refused",
  app: undefined,
  method: "GET",
  path: "/wp-login.php",
  address: "192.0.2.1",
  status: 404,
  message: "Nothing here: GET /wp-login.php",
} as const;

test("refusals of one cause are limited each minute, and counted; those of other causes are written", () => {
  const { lines, log } = logAt("info");
  const clock = new FakeClock();
  const observer = createLogObserver(log, clock);
  for (let count = 0; count < 1_000; count += 1) observer.observe({ ...refused, path: `/${count}` });
  observer.observe({ ...refused, status: 401, message: "Unknown auth_key" });
  expect(lines).toHaveLength(11);
  expect(lines.at(-1)).toMatchObject(["info", "request.refused", { status: 401, reason: "Unknown auth_key" }]);
  lines.length = 0;
  clock.advance(60_000);
  expect(lines).toEqual([["info", "log.left_out", { of: "request.refused", app: undefined, status: 404, lines: 990 }]]);
  lines.length = 0;
  observer.observe(refused);
  clock.advance(120_000);
  expect(lines).toHaveLength(1);
});

test("the line of a refused signature does not repeat what was signed", () => {
  const { lines, log } = logAt("info");
  const message =
    'Invalid signature: you should have sent HmacSHA256Hex("POST\\n/apps/1/events\\ndata=x", your_secret_key)';
  createLogObserver(log, new FakeClock()).observe({ ...refused, status: 401, message });
  expect(lines).toMatchObject([["info", "request.refused", { reason: "Invalid signature" }]]);
  expect(JSON.stringify(lines)).not.toContain("data=x");
});
