import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { CommandBatches } from "./command-batches.ts";

/** Commands that are answered on demand. */
class Answers {
  readonly sent: string[] = [];
  readonly #waiting: (() => void)[] = [];

  command(name: string, isRefused = false): () => Promise<string> {
    return () => {
      this.sent.push(name);
      return new Promise((resolve, reject) => {
        this.#waiting.push(() => (isRefused ? reject(new Error(name)) : resolve(name)));
      });
    };
  }

  async answerAll(): Promise<void> {
    for (const answer of this.#waiting.splice(0)) answer();
    await nextTurn();
  }
}

test("commands of one turn are sent at once, in order", () => {
  const batches = new CommandBatches();
  const answers = new Answers();
  for (const name of ["a", "b", "c"]) void batches.send(answers.command(name));
  expect(answers.sent).toEqual(["a", "b", "c"]);
});

test("later commands are sent together when the earlier ones are answered, in order", async () => {
  const batches = new CommandBatches();
  const answers = new Answers();
  void batches.send(answers.command("a"));
  await nextTurn();
  const later = [batches.send(answers.command("b")), batches.send(answers.command("c"))];
  await nextTurn();
  expect(answers.sent).toEqual(["a"]);
  await answers.answerAll();
  expect(answers.sent).toEqual(["a", "b", "c"]);
  await answers.answerAll();
  await expect(Promise.all(later)).resolves.toEqual(["b", "c"]);
});

test("a refused command holds nothing back, and only its sender gets the error", async () => {
  const batches = new CommandBatches();
  const answers = new Answers();
  const refused = batches.send(answers.command("a", true)).catch((error: Error) => error.message);
  await nextTurn();
  const held = batches.send(answers.command("b", true)).catch((error: Error) => error.message);
  await answers.answerAll();
  await answers.answerAll();
  await expect(Promise.all([refused, held])).resolves.toEqual(["a", "b"]);
  void batches.send(answers.command("c"));
  expect(answers.sent).toEqual(["a", "b", "c"]);
});
