import type { Clock } from "../../../ports/clock.ts";
import type { ReplyStream } from "../../../ports/transport.ts";
import { heartbeatMs } from "../links/heartbeat.ts";
import type { OpenLinks } from "../links/open-links.ts";
import type { TurnBudget } from "../links/turn-budget.ts";
import { OutboxLink } from "../links/outbox-link.ts";
import type { Batch } from "../outbox/batch.ts";
import { closeFrame } from "../sockjs/close-frame.ts";
import type { Receiving } from "./xhr-protocol.ts";

/** Length of messages that one request may pass on in one turn of the event loop. */
const sliceLength = 64 * 1_024;
/** What a message counts for besides its text. */
const lengthPerMessage = 64;

/** The request that the client receives on, while there is one. */
interface Receiver {
  readonly how: Receiving;
  readonly stream: ReplyStream;
  /** What was written, in UTF-16 units, as the client counts. */
  length: number;
}

/** How long a client may be without a request to receive on, as between two polls. */
const maxAbsenceMs = 10_000;

/** What happens to the client of a link. */
export interface XhrLinkEvents {
  /** It has a request to receive on. */
  came(): void;
  /** It has none any more, as between two polls. */
  went(): void;
  /** It has disconnected. */
  left(): void;
}

/**
 * A link over plain HTTP requests: the client receives on one request at a time, and sends with others. What comes
 * between two of them waits.
 */
export class XhrLink extends OutboxLink {
  readonly #events: XhrLinkEvents;
  readonly #clock: Clock;
  readonly #turns: TurnBudget;
  #receiver: Receiver | undefined;
  /** When the client last came or went, or was last sent something. */
  #changedMs: number;
  #waiting: string[] = [];
  #waitingBytes = 0;
  /** Length of all frames that were written, on any request. */
  #sentLength = 0;
  /** Messages of earlier requests that are still being passed on. */
  #receiving: Promise<void> | undefined;
  #receivingRequests = 0;
  #closeFrame: string | undefined;

  /** @param events called from now on; at first, the client has no request to receive on. */
  constructor(links: OpenLinks, events: XhrLinkEvents) {
    super(links, links.shared.queue);
    this.#clock = links.shared.clock;
    this.#changedMs = this.#clock.monotonicNow();
    this.#events = events;
    this.#turns = links.shared.turns;
  }

  /**
   * Passes messages to the session, in slices between the other work of the event loop. Returns undefined if that was
   * done at once, else a promise.
   *
   * @param accepts called before each message; it is dropped if this returns false.
   */
  receiveAll(messages: readonly string[], accepts: (message: string) => boolean): Promise<void> | undefined {
    const earlier = this.#receiving;
    const first = earlier === undefined ? this.#receiveSlice(messages, 0, accepts) : 0;
    if (first === messages.length) return undefined;
    this.#receiving = this.#receiveRest(earlier, messages, first, accepts);
    return this.#receiving;
  }

  /**
   * Sends to the client on this response from now on and ends an older one. Returns a function to call when the client closes
   * the response.
   *
   * @param length characters that were already written to the response.
   */
  receiveOn(stream: ReplyStream, how: Receiving, length: number): () => void {
    this.#receiver?.stream.end();
    const receiver = { how, stream, length };
    this.#receiver = receiver;
    this.#changedMs = this.#clock.monotonicNow();
    this.#events.came();
    this.#deliver();
    return () => {
      if (this.#receiver === receiver) this.#receiverLeft();
    };
  }

  /** Whether the client has no response to receive on. */
  get isAbsent(): boolean {
    return this.#receiver === undefined;
  }

  /** Sends heartbeats, and gives up a client that stays away. To be called about once a second. */
  tick(): void {
    const silentMs = this.#clock.monotonicNow() - this.#changedMs;
    const receiver = this.#readyReceiver();
    if (receiver === undefined) {
      if (silentMs >= maxAbsenceMs) this.destroy();
    } else if (silentMs >= heartbeatMs) {
      this.#send(receiver, "h\n");
    }
  }

  override unsentBytes(): number {
    return this.#waitingBytes + (this.#receiver?.stream.bufferedBytes() ?? 0);
  }

  override progress(): number {
    return this.#sentLength + (this.#receiver?.stream.progress() ?? 0);
  }

  override destroy(): void {
    this.#receiver?.stream.end();
    this.#receiver = undefined;
    this.#events.left();
    this.ended();
  }

  protected override dropUnsent(): void {
    super.dropUnsent();
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  protected override write(batch: Batch): void {
    for (const text of batch.texts()) this.#waiting.push(text);
    this.#waitingBytes += batch.bytes;
    this.#deliver();
  }

  protected override finish(code: number, reason: string): void {
    this.#closeFrame = `${closeFrame(code, reason)}\n`;
    this.#deliver();
  }

  async #receiveRest(
    earlier: Promise<void> | undefined,
    messages: readonly string[],
    first: number,
    accepts: (message: string) => boolean,
  ): Promise<void> {
    this.#receivingRequests += 1;
    await earlier;
    for (let next = first; next < messages.length;) {
      await this.#turns.next();
      next = this.#receiveSlice(messages, next, accepts);
    }
    this.#receivingRequests -= 1;
    if (this.#receivingRequests === 0) this.#receiving = undefined;
  }

  /** Passes on one slice; returns the index of the first message that is left. */
  #receiveSlice(messages: readonly string[], first: number, accepts: (message: string) => boolean): number {
    let length = 0;
    let index = first;
    for (; index < messages.length && length < sliceLength && this.#turns.hasTime(); index += 1) {
      const message = messages[index] ?? "";
      length += message.length + lengthPerMessage;
      if (accepts(message)) this.received(message);
    }
    return index;
  }

  #deliver(): void {
    const receiver = this.#readyReceiver();
    if (receiver === undefined) return;
    if (this.#waiting.length > 0) {
      const frame = `a${JSON.stringify(this.#waiting)}\n`;
      this.#waiting = [];
      this.#waitingBytes = 0;
      this.#send(receiver, frame + (this.#closeFrame ?? ""));
    } else if (this.#closeFrame !== undefined) {
      this.#send(receiver, this.#closeFrame);
    }
    if (this.#closeFrame !== undefined) this.destroy();
  }

  #readyReceiver(): Receiver | undefined {
    const receiver = this.#receiver;
    return receiver !== undefined && receiver.length <= receiver.how.fullLength ? receiver : undefined;
  }

  #send(receiver: Receiver, frames: string): void {
    receiver.stream.write(frames);
    receiver.length += frames.length;
    this.#sentLength += frames.length;
    this.#changedMs = this.#clock.monotonicNow();
    const { isOneFrame, fullLength, fullEndedBy } = receiver.how;
    if (isOneFrame || (fullEndedBy === "server" && receiver.length > fullLength)) {
      receiver.stream.end();
      this.#receiverLeft();
    }
  }

  #receiverLeft(): void {
    this.#receiver = undefined;
    this.#changedMs = this.#clock.monotonicNow();
    this.#events.went();
  }
}
