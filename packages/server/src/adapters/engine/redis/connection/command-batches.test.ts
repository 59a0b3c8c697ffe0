import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { CommandBatches } from "./command-batches.ts";

/** Batches that note what is sent. */
class SentCommands {
  readonly batches = new CommandBatches();
  readonly sent: string[] = [];

  add(...names: readonly string[]): void {
    for (const name of names) this.batches.add(() => this.sent.push(name));
  }
}

test("commands of one turn are sent at once, in order", () => {
  const commands = new SentCommands();
  commands.add("a", "b", "c");
  expect(commands.sent).toEqual(["a", "b", "c"]);
});

test("later commands are sent together when all earlier ones are answered, in order", async () => {
  const commands = new SentCommands();
  commands.add("a", "b");
  await nextTurn();
  commands.add("c", "d");
  await nextTurn();
  commands.batches.answered();
  expect(commands.sent).toEqual(["a", "b"]);
  commands.batches.answered();
  expect(commands.sent).toEqual(["a", "b", "c", "d"]);
});

test("commands join a batch that was held back, until it is written", async () => {
  const commands = new SentCommands();
  commands.add("a");
  await nextTurn();
  commands.add("b");
  commands.batches.answered();
  commands.add("c");
  expect(commands.sent).toEqual(["a", "b", "c"]);
  await nextTurn();
  commands.add("d");
  expect(commands.sent).toEqual(["a", "b", "c"]);
});

test("a command goes at once when nothing is under way", async () => {
  const commands = new SentCommands();
  commands.add("a");
  commands.batches.answered();
  await nextTurn();
  commands.add("b");
  expect(commands.sent).toEqual(["a", "b"]);
});
