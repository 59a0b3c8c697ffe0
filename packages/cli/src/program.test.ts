import { expect, test } from "vitest";
import { createProgram } from "./program.ts";
import { allCommands, usageError } from "./usage-error.ts";

test.each([
  [["start"]],
  [["start", "--config", "s.json", "--port", "7"]],
  [["start", "--config=s.json", "--port=7"]],
  [["start", "--compression", "--host", "h"]],
  [["start", "--compression=false"]],
  [["start", "--no-fast-path"]],
  [["keys"]],
  [["help"]],
  [["help", "start"]],
  [["start", "-h"]],
  [["--version"]],
])("%j is understood", async (args) => {
  expect(await usageError(args)).toBeUndefined();
});

test.each([
  [["strat"], "Did you mean start?"],
  [["start", "--prot", "7"], "Did you mean --port?"],
  [["start", "s.json"], "too many arguments"],
  [["start", "--config"], "argument missing"],
  [["keys", "--port", "7"], "unknown option '--port'"],
])("%j is wrong usage: %s", async (args, text) => {
  expect(await usageError(args)).toContain(text);
});

test.each(allCommands(await createProgram("1.2.3")).map((command) => [command.name(), command.helpInformation()]))(
  "the help of %s fits into 80 columns",
  (_, text) => {
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
  },
);
