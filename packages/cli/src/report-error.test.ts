import { SealcastError } from "@sealcast/server-sdk";
import { CommanderError } from "commander";
import { expect, test } from "vitest";
import { CommandFailure, WrongUsage } from "./command-failure.ts";
import { reportError, wrongUsageText } from "./report-error.ts";

test.each([
  [new CommandFailure("It failed.\n"), false, 1, "It failed.\n"],
  [new CommandFailure("It failed.\n"), true, 1, '{"error":"It failed.","exitCode":1}\n'],
  [new WrongUsage("it needs a channel"), false, 2, "error: it needs a channel. See sealcast --help.\n"],
  [new WrongUsage("it needs a channel"), true, 2, '{"error":"it needs a channel","exitCode":2}\n'],
  [new SealcastError("not-found", "No app"), false, 1, "No app.\n"],
  [new SealcastError("not-found", "No app"), true, 1, '{"error":"No app","code":"not-found","exitCode":1}\n'],
  [new CommanderError(1, "x", "already written"), false, 2, ""],
  [new CommanderError(0, "help", "already written"), false, 0, ""],
])("%s with json %j ends with %j and %j", (error, json, exitCode, text) => {
  expect(reportError(error, json)).toEqual({ exitCode, text });
});

test("an error of the program itself is not reported: it keeps its stack", () => {
  expect(reportError(new TypeError("a bug"), true)).toBeUndefined();
});

test("wrong arguments are one line of JSON with --json", () => {
  expect(wrongUsageText("error: unknown option '--x'\n(Did you mean --y?)\n", true)).toBe(
    `{"error":"unknown option '--x'\\n(Did you mean --y?)","exitCode":2}\n`,
  );
});
