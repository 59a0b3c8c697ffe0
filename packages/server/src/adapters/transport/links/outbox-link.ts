import type { Batch } from "../outbox/batch.ts";
import type { Flushable, FlushQueue } from "../outbox/flush-queue.ts";
import { SessionLink, type LinkOwner } from "./session-link.ts";

/** A close that waits for its turn, or was passed on. */
interface Ending {
  readonly code: number;
  readonly reason: string;
}

/**
 * A link that collects its messages and writes them once per turn of the event loop. Everything goes through its outbox,
 * so that messages keep their order. The subclass writes them.
 */
export abstract class OutboxLink extends SessionLink implements Flushable {
  readonly #queue: FlushQueue;
  #pending: Batch;
  #queued = false;
  #state: "open" | Ending | "disconnected" = "open";

  constructor(owner: LinkOwner, queue: FlushQueue) {
    super(owner);
    this.#queue = queue;
    this.#pending = queue.empty;
  }

  /** Passes a client's message to the session, unless the link was closed. */
  override received(text: string): void {
    if (this.#state === "open") super.received(text);
  }

  override ended(): void {
    if (this.#state === "disconnected") return;
    this.#state = "disconnected";
    this.#queue.backlogs.forget(this);
    super.ended();
  }

  override closeSlow(unsentBytes: number): void {
    if (this.#state === "open") super.closeSlow(unsentBytes);
    else this.destroy();
  }

  cutSlow(unsentBytes: number): void {
    if (this.#state === "open") this.reportSlow(unsentBytes);
    this.destroy();
  }

  override send(text: string): void {
    if (this.#state !== "open") return;
    this.#pending = this.#queue.append(this.#pending, text);
    this.#enqueue();
  }

  override close(code: number, reason: string): void {
    if (this.#state !== "open") return;
    this.#state = { code, reason };
    this.#enqueue();
  }

  flush(): number {
    const { backlogs } = this.#queue;
    const batch = this.#takePending();
    this.#deliver(batch);
    if (this.unsentBytes() > 0 || backlogs.has(this)) backlogs.note(this, batch.shared);
    return batch.bytes;
  }

  /** To be called when the runtime has written something itself. */
  protected noteUnsent(): void {
    this.#queue.backlogs.note(this);
  }

  /** Writes the waiting messages before their turn. */
  flushNow(): void {
    this.#deliver(this.#takePending());
  }

  protected override dropUnsent(): void {
    this.#pending = this.#queue.empty;
  }

  abstract progress(): number;
  protected abstract write(batch: Batch): void;
  /** Ends the connection after everything written. */
  protected abstract finish(code: number, reason: string): void;

  #takePending(): Batch {
    const batch = this.#pending;
    this.#pending = this.#queue.empty;
    this.#queued = false;
    return batch;
  }

  #deliver(batch: Batch): void {
    if (this.#state === "disconnected") return;
    if (batch !== this.#queue.empty) this.write(batch);
    if (this.#state !== "open") this.finish(this.#state.code, this.#state.reason);
  }

  #enqueue(): void {
    if (this.#queued) return;
    this.#queued = true;
    this.#queue.push(this);
  }
}
