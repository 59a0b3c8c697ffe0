import { Worker } from "node:worker_threads";
import { errorLocation } from "../../core/errors/error-location.ts";
import type { WebhookOffer } from "../../core/webhooks/webhook-offer.ts";
import type { Log } from "../../ports/log.ts";
import type { DispatcherListeners, WebhookDispatcher, WebhookRecipients } from "../../ports/webhook-dispatcher.ts";
import type { DeadLetter, WebhookAttempt, WebhookBacklog } from "../../ports/webhook-queue.ts";
import type { ThreadMessage, ThreadRequest } from "./thread-messages.ts";

interface Caller {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A dispatcher on a thread of its own, so that neither the disk nor requests to receivers take time from the thread that
 * serves clients.
 */
export class ThreadDispatcher implements WebhookDispatcher {
  readonly #worker: Worker;
  readonly #log: Log;
  readonly #callers = new Map<number, Caller>();
  #calls = 0;
  readonly #listeners: DispatcherListeners;
  #isClosing = false;
  /** Why no more calls are answered. */
  #ended: Error | undefined;

  private constructor(worker: Worker, log: Log, listeners: DispatcherListeners) {
    this.#worker = worker;
    this.#log = log;
    this.#listeners = listeners;
  }

  /**
   * Starts the thread. Rejects with an error whose message is for operators, if its queue cannot be opened.
   *
   * @param file of the program that the thread runs, which calls `serveThread`.
   * @param settings that the program gets.
   * @param listeners `ended` is called if the thread ends without being closed.
   */
  static open(file: URL, settings: object, log: Log, listeners: DispatcherListeners): Promise<ThreadDispatcher> {
    // Its heap holds no more than what is being sent; a small one keeps the process small.
    const worker = new Worker(file, { workerData: settings, resourceLimits: { maxYoungGenerationSizeMb: 8 } });
    const dispatcher = new ThreadDispatcher(worker, log, listeners);
    return new Promise((resolve, reject) => {
      let isOpen = false;
      worker.on("message", (message: ThreadMessage) => {
        if (message.kind === "unopened") reject(new Error(message.reason));
        else if (message.kind !== "opened") dispatcher.#receive(message);
        else {
          isOpen = true;
          resolve(dispatcher);
        }
      });
      worker.on("error", (error) => {
        log.error("webhook.thread_failed", { where: errorLocation(error) });
      });
      worker.on("exit", () => {
        if (isOpen) dispatcher.#end();
        else reject(new Error("The thread of the webhooks ended while it started"));
      });
    });
  }

  start(recipients: WebhookRecipients, isAlone: boolean): Promise<void> {
    return this.#call("start", recipients, isAlone);
  }

  setRecipients(recipients: WebhookRecipients): Promise<void> {
    return this.#call("setRecipients", recipients);
  }

  accept(offers: readonly WebhookOffer[]): Promise<void> {
    return this.#call("accept", offers);
  }

  attempts(target: string, most: number): Promise<readonly WebhookAttempt[]> {
    return this.#call("attempts", target, most);
  }

  deadLetters(target: string, most: number): Promise<readonly DeadLetter[]> {
    return this.#call("deadLetters", target, most);
  }

  clearDead(target: string, id: string | undefined): Promise<number> {
    return this.#call("clearDead", target, id);
  }

  replayDead(target: string, id: string | undefined): Promise<number> {
    return this.#call("replayDead", target, id);
  }

  backlog(): Promise<WebhookBacklog> {
    return this.#call("backlog");
  }

  flush(deadlineMs: number): Promise<void> {
    return this.#call("flush", deadlineMs);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#ended === undefined) await this.#call<void>("close");
    await this.#worker.terminate();
  }

  #call<T>(method: ThreadRequest["method"], ...parameters: readonly unknown[]): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) {
        reject(this.#ended);
        return;
      }
      const id = (this.#calls += 1);
      this.#callers.set(id, { resolve: resolve as (result: unknown) => void, reject });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- only windows have origins
      this.#worker.postMessage({ id, method, parameters } satisfies ThreadRequest);
    });
  }

  #receive(message: Exclude<ThreadMessage, { readonly kind: "opened" | "unopened" }>): void {
    if (message.kind === "log") {
      this.#log[message.level](message.event, message.fields);
      return;
    }
    if (message.kind === "attempted") {
      this.#listeners.attempted(message.attempt, message.next);
      return;
    }
    const caller = this.#callers.get(message.id);
    this.#callers.delete(message.id);
    if (message.kind === "result") caller?.resolve(message.result);
    else caller?.reject(new Error(message.where));
  }

  #end(): void {
    this.#ended = new Error("The thread of the webhooks has ended");
    if (!this.#isClosing) this.#listeners.ended();
    for (const { reject } of this.#callers.values()) reject(this.#ended);
    this.#callers.clear();
  }
}
