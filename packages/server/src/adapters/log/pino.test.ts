import { expect, test } from "vitest";
import { createPinoLog } from "./pino.ts";

function linesOf(level: "debug" | "info" | "warn" | "error" | "silent"): unknown[] {
  const lines: unknown[] = [];
  const log = createPinoLog(level, {
    write(text, done) {
      lines.push(
        ...text
          .toString()
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line) as unknown),
      );
      done(null, text.length);
    },
  });
  log.debug("connection.opened", { app: "1001" });
  log.info("server.listening", { port: 6001 });
  log.warn("config.rejected");
  log.error("server.failed", { reason: "EADDRINUSE", retry: undefined });
  return lines;
}

test("a line holds level, time, event and the fields, and nothing of the machine", () => {
  expect(linesOf("debug")[0]).toEqual({
    level: "debug",
    time: expect.any(Number) as number,
    event: "connection.opened",
    app: "1001",
  });
});

test.each([
  ["debug", 4],
  ["info", 3],
  ["warn", 2],
  ["error", 1],
  ["silent", 0],
] as const)("level %s writes %d of four lines", (level, count) => {
  expect(linesOf(level)).toHaveLength(count);
});
