import { clientFrame, pingFrame } from "./client-frame.ts";
import type { Dialect } from "./dialect.ts";
import { messagesOf, recoverFrames, type RecoveryPlan } from "./recovery-plan.ts";
import { Subscriber } from "./subscriber.ts";

const silenceMs = 30_000;
const maxConnecting = 128;

/** Many subscribers of one server, counted together. */
export class Swarm {
  readonly members: Subscriber[] = [];
  /** Messages received by all members since the last `reset`. */
  deliveries = 0;
  readonly #ports: readonly number[];
  readonly #dialect: Dialect;
  readonly #subscribeFrames = new Map<string, Buffer>();
  /** The callers that wait in `reach`, and the lowest count that any of them waits for. */
  #waiting: { readonly goal: number; readonly resolve: () => void }[] = [];
  #nextGoal = Number.POSITIVE_INFINITY;
  #lastSign = performance.now();

  constructor(ports: readonly number[], dialect: Dialect) {
    this.#ports = ports;
    this.#dialect = dialect;
  }

  /**
   * Opens `count` more subscribers; member `i` (counted over the swarm's life) subscribes to each of `channelsOf(i)`, and
   * gets what it has missed there. At most 128 are connecting at any moment: servers have a listen backlog.
   */
  async grow(count: number, channelsOf: (member: number) => readonly string[], recovery?: RecoveryPlan): Promise<void> {
    let next = this.members.length;
    const end = next + count;
    const connectSome = async (): Promise<void> => {
      while (next < end) {
        const channels = channelsOf(next);
        const port = this.#ports[next % this.#ports.length] ?? 0;
        next += 1;
        const subscriber = await Subscriber.open(port, this.#dialect);
        const frames = channels.flatMap((channel) => [
          ...recoverFrames(channel, recovery),
          this.#subscribeFrame(channel),
        ]);
        await subscriber.ask(Buffer.concat(frames), channels.length * messagesOf(recovery));
        subscriber.onMessages = this.#onMessages;
        this.members.push(subscriber);
      }
    };
    await Promise.all(Array.from({ length: Math.min(maxConnecting, count) }, connectSome));
  }

  /** Starts counting deliveries from zero. */
  reset(): void {
    this.deliveries = 0;
  }

  /** Resolves once `deliveries` has reached `goal`. */
  reach(goal: number): Promise<void> {
    if (this.deliveries >= goal) return Promise.resolve();
    this.#nextGoal = Math.min(this.#nextGoal, goal);
    return new Promise((resolve) => this.#waiting.push({ goal, resolve }));
  }

  /** Replaces what happens on each read, for runs that time every message; `undefined` restores plain counting. */
  watch(onMessages: ((count: number, subscriber: Subscriber) => void) | undefined): void {
    for (const member of this.members) {
      member.onMessages = onMessages
        ? (count, subscriber) => {
            onMessages(count, subscriber);
            this.#onMessages(count);
          }
        : this.#onMessages;
    }
  }

  /**
   * Pings from every member, unless they did so a short while ago. To be called between measurements: a server asks
   * clients that were silent for two minutes whether they live, and its question would be counted as an event.
   */
  showLife(): void {
    const now = performance.now();
    if (now - this.#lastSign < silenceMs) return;
    this.#lastSign = now;
    for (const member of this.members) member.say(pingFrame);
  }

  /** Members whose connection ended without being dropped by `close`. */
  lost(): number {
    return this.members.filter((member) => member.failure).length;
  }

  /** Hangs up on every connection at once. */
  close(): void {
    for (const member of this.members.splice(0)) member.drop();
  }

  readonly #onMessages = (count: number): void => {
    this.deliveries += count;
    if (this.deliveries >= this.#nextGoal) this.#wake();
  };

  #wake(): void {
    const reached = this.#waiting.filter(({ goal }) => goal <= this.deliveries);
    this.#waiting = this.#waiting.filter(({ goal }) => goal > this.deliveries);
    this.#nextGoal = Math.min(...this.#waiting.map(({ goal }) => goal));
    for (const { resolve } of reached) resolve();
  }

  #subscribeFrame(channel: string): Buffer {
    let frame = this.#subscribeFrames.get(channel);
    if (!frame) {
      frame = clientFrame(this.#dialect.subscribe(channel));
      this.#subscribeFrames.set(channel, frame);
    }
    return frame;
  }
}
