import { Socket } from "node:net";
import type { TurnBudget, Waiting } from "../links/turn-budget.ts";

/** Length of the shortest piece, in bytes: some dozens of the shortest messages or requests. */
const minPieceBytes = 1_024;
/** Length of the longest piece, in bytes, for input that costs little, such as a long body. */
const maxPieceBytes = 8_192;
/** A piece that took less time than this is followed by a longer one, in milliseconds. */
const quickMs = 0.1;
/** A piece that took more time than this is followed by one of the shortest, in milliseconds. */
const slowMs = 0.5;

/** What a socket was sent and has not passed on. */
interface Held {
  bytes: Buffer;
  /** Whether the client has sent everything. */
  isLast: boolean;
  /** Whether the consumer takes no more at the moment. */
  isBlocked: boolean;
}

/**
 * A socket whose input shares one budget per turn of the event loop with all others. Node.js reads up to 64 KiB of a
 * socket at once, up to 32 times, before it looks at the next: thousands of messages. This one passes them on in pieces,
 * and stops reading while others have their turn.
 */
export class PacedSocket extends Socket implements Waiting {
  declare private budget: TurnBudget;
  declare private held: Held | undefined;
  /** Length of the next piece, in bytes. */
  declare private pieceBytes: number;

  /** Makes a socket that Node.js has accepted a paced one, before it is read. */
  static pace(socket: Socket, budget: TurnBudget): PacedSocket {
    const paced = Object.setPrototypeOf(socket, PacedSocket.prototype) as PacedSocket;
    paced.budget = budget;
    paced.held = undefined;
    paced.pieceBytes = Number.POSITIVE_INFINITY;
    return paced;
  }

  /** Passes input on in small pieces from now on, beginning with `first`. */
  readInSlices(first: Buffer): void {
    this.pieceBytes = minPieceBytes;
    if (first.length === 0) return;
    if (this.held !== undefined) {
      this.held.bytes = Buffer.concat([first, this.held.bytes]);
      return;
    }
    this.held = { bytes: first, isLast: false, isBlocked: false };
    this.budget.wait(this, true);
  }

  /** Called by Node.js with what it has read; null: the client has sent everything. */
  override push(chunk: Buffer | null, encoding?: BufferEncoding): boolean {
    const { held } = this;
    if (held !== undefined) {
      if (chunk === null) held.isLast = true;
      else held.bytes = Buffer.concat([held.bytes, chunk]);
      return false;
    }
    if (chunk === null || (chunk.length <= minPieceBytes && this.budget.hasTime())) return super.push(chunk, encoding);
    this.held = { bytes: chunk, isLast: false, isBlocked: false };
    const hasTime = this.budget.hasTime();
    if (!hasTime || this.work()) this.budget.wait(this, !hasTime);
    return this.held === undefined && this.readableLength < this.readableHighWaterMark;
  }

  /** Called by the stream when it has room for more. */
  override _read(size: number): void {
    // oxlint-disable-next-line no-underscore-dangle -- the name that streams give it
    if (this.held === undefined) super._read(size);
    else if (!this.isPaused()) this.goOn();
  }

  /** Called by the consumer, if it has paused the socket before. */
  override resume(): this {
    super.resume();
    this.goOn();
    return this;
  }

  /** Passes one piece on. */
  work(): boolean {
    const { held } = this;
    if (held === undefined || this.destroyed) return false;
    held.isBlocked = this.isPaused();
    if (held.isBlocked) return false;
    const piece = held.bytes.subarray(0, this.pieceBytes);
    held.bytes = held.bytes.subarray(piece.length);
    const isDone = held.bytes.length === 0;
    if (isDone) this.held = undefined;
    const startMs = this.budget.nowMs();
    held.isBlocked = !super.push(piece) || this.isPaused();
    this.adapt(this.budget.nowMs() - startMs);
    if (isDone && held.isLast) this.push(null);
    return !isDone && !held.isBlocked;
  }

  /** Waits for a turn with what is held because the consumer took no more. */
  private goOn(): void {
    const { held } = this;
    if (held?.isBlocked !== true) return;
    held.isBlocked = false;
    this.budget.wait(this, false);
  }

  private adapt(spentMs: number): void {
    if (this.pieceBytes > maxPieceBytes) return;
    if (spentMs > slowMs) this.pieceBytes = minPieceBytes;
    else if (spentMs < quickMs) this.pieceBytes = Math.min(this.pieceBytes * 2, maxPieceBytes);
  }
}
