import type { OutgoingMessage } from "../../../ports/transport.ts";
import type { Batch } from "./batch.ts";
import type { FlushQueue } from "./flush-queue.ts";
import type { OpenLinks } from "../links/open-links.ts";
import { SessionLink } from "../links/session-link.ts";

/** A close that waits for its turn, or was handed on. */
interface Ending {
  readonly code: number;
  readonly reason: string;
}

/**
 * A link that collects its messages and hands them on once per turn of the event loop. Everything goes through it, so
 * that nothing overtakes; how the messages travel is up to the class that extends it.
 */
export abstract class Outbox extends SessionLink {
  /** What {@link FlushQueue.note} found last; its own field, kept here because it is looked up for each write. */
  notedBytes = 0;
  readonly #queue: FlushQueue;
  #pending: Batch;
  #queued = false;
  #state: "open" | Ending | "gone" = "open";

  constructor(links: OpenLinks) {
    super(links);
    this.#queue = links.queue;
    this.#pending = links.queue.empty;
  }

  /** After a close, nobody listens. */
  override received(text: string): void {
    if (this.#state === "open") super.received(text);
  }

  override ended(): void {
    if (this.#state === "gone") return;
    this.#state = "gone";
    this.#queue.forget(this);
    super.ended();
  }

  override closeSlow(unsentBytes: number): void {
    if (this.#state === "open") super.closeSlow(unsentBytes);
  }

  override send(message: OutgoingMessage): void {
    if (this.#state !== "open") return;
    this.#pending = this.#queue.append(this.#pending, message);
    this.#enqueue();
  }

  override close(code: number, reason: string): void {
    if (this.#state !== "open") return;
    this.#state = { code, reason };
    this.#enqueue();
  }

  /** Hands on what waits and notes what does not get away; the answer is its length in bytes. For the queue. */
  flush(): number {
    const bytes = this.handOn();
    if (this.notedBytes > 0 || this.unsentBytes() > 0) this.#queue.note(this);
    return bytes;
  }

  /** Hands on what waits, before its turn; the answer is its length in bytes. */
  handOn(): number {
    const batch = this.#pending;
    this.#pending = this.#queue.empty;
    this.#queued = false;
    if (this.#state === "gone") return 0;
    if (batch !== this.#queue.empty) this.write(batch);
    if (this.#state !== "open") this.finish(this.#state.code, this.#state.reason);
    return batch.bytes;
  }

  /** Bytes that were written and have not reached the operating system. */
  abstract unsentBytes(): number;
  protected abstract write(batch: Batch): void;
  /** Ends the connection behind what was written. */
  protected abstract finish(code: number, reason: string): void;

  #enqueue(): void {
    if (this.#queued) return;
    this.#queued = true;
    this.#queue.push(this);
  }
}
