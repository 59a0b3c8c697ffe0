import type { Command } from "commander";
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

const commands = allCommands(await createProgram("1.2.3"));

test.each(commands.map((command) => [command.name(), helpOf(command)]))(
  "the help of %s fits into 80 columns",
  (_, text) => {
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
  },
);

test.each(commands.map((command) => [command.name(), helpOf(command)]))(
  "the help of %s keeps its columns",
  (_, text) => {
    const lines = text.split("\n").filter((line) => line !== "");
    // Text stands at the margin, behind a flag, or in the column of descriptions; a list has a margin of two.
    expect(lines.filter((line) => !/^(?:\S| {2}\S| {28}\S)/.test(line))).toEqual([]);
    expect(lines.filter((line) => /\s$|undefined|\(default/.test(line))).toEqual([]);
  },
);

test.each(
  commands.flatMap((command) => [
    command.description(),
    ...command
      .createHelp()
      .visibleOptions(command)
      .map(({ description }) => description),
  ]),
)("the help speaks with one voice: %s", (text) => {
  // A description is no sentence; sentences may follow it, and then the last one ends with a period.
  expect(text).toMatch(/^(?:[^.]|\.(?=\S))+(?:\. \S.*\.)?$/);
  // Links are for pages.
  expect(text).not.toContain("](");
});

/** All of a help text: commander's own and what commands add to it. */
function helpOf(command: Command): string {
  let text = "";
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return text;
}
