import { expect, test } from "vitest";
import { MessageQueue } from "./message-queue.ts";

/** Work that a test ends. */
class Work {
  readonly promise: Promise<void>;
  #end: { readonly resolve: () => void; readonly reject: (error: unknown) => void } | undefined;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.#end = { resolve, reject };
    });
  }

  resolve(): void {
    this.#end?.resolve();
  }

  reject(error: unknown): void {
    this.#end?.reject(error);
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

test("messages are handled one at a time, in order, and counted until they are done", async () => {
  const queue = new MessageQueue(() => undefined);
  const [first, second] = [new Work(), new Work()];
  const handled: string[] = [];
  queue.hold(10, first.promise);
  queue.add(5, () => {
    handled.push("second");
    return second.promise;
  });
  queue.add(1, () => void handled.push("third"));
  await turn();
  expect({ ...counts(queue), handled }).toEqual({ isBusy: true, count: 3, length: 16, handled: [] });
  first.resolve();
  await turn();
  expect({ ...counts(queue), handled }).toEqual({ isBusy: true, count: 2, length: 6, handled: ["second"] });
  second.resolve();
  await turn();
  expect({ ...counts(queue), handled }).toEqual({ isBusy: false, count: 0, length: 0, handled: ["second", "third"] });
});

test("a message whose handling fails does not keep later ones from being handled", async () => {
  const failures: unknown[] = [];
  const queue = new MessageQueue((error) => failures.push(error));
  const first = new Work();
  let handled = false;
  queue.hold(10, first.promise);
  queue.add(1, () => {
    handled = true;
    throw new Error("second");
  });
  first.reject(new Error("first"));
  await turn();
  expect(handled).toBe(true);
  expect(failures).toEqual([new Error("first"), new Error("second")]);
  expect(queue.isBusy).toBe(false);
});

function counts({ isBusy, count, length }: MessageQueue): { isBusy: boolean; count: number; length: number } {
  return { isBusy, count, length };
}
