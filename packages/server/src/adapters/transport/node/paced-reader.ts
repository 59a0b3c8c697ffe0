import { Socket } from "node:net";
import type { TurnBudget, Waiting } from "../links/turn-budget.ts";

/** What is passed on at once if the turn has time, in bytes: a few messages, or one request. */
const smallBytes = 1_024;
/** Length of the shortest piece, in bytes: some of the shortest messages or requests. */
const minPieceBytes = 256;
/** Length of the longest piece, in bytes, for input that costs little, such as a long body. */
const maxPieceBytes = 8_192;
/** A piece that took less time than this is followed by a longer one, in milliseconds. */
const quickMs = 0.1;
/** A piece that took more time than this is followed by one of the shortest, in milliseconds. */
const slowMs = 0.5;

/** How long a connection that sent more than a piece counts as busy after that, in milliseconds. */
const busyMs = 100;

/** What was read of a socket and has not been passed on. */
interface Held {
  bytes: Buffer;
  /** Whether the client has sent everything. */
  isLast: boolean;
  /** Whether the consumer takes no more at the moment. */
  isBlocked: boolean;
}

const reader = Symbol("reader");

/** A socket with a reader. All share these methods: one function for each connection would cost memory. */
interface PacedSocket extends Socket {
  [reader]?: PacedReader;
}

// oxlint-disable no-underscore-dangle, typescript/unbound-method -- the names that streams give them; always called with a socket
const { push, _read: read, resume } = Socket.prototype;

/**
 * Makes the input of a socket share the time of `turns` with all other sockets. Node.js reads up to 64 KiB of a socket at
 * once, up to 32 times, before it looks at the next: thousands of messages. A paced socket passes them on in pieces, and
 * reads nothing while others have their turn. To be called before the socket is read.
 */
export function paceReading(socket: Socket, turns: TurnBudget): void {
  const paced: PacedSocket = socket;
  paced[reader] = new PacedReader(socket, turns);
  paced.push = pushPaced;
  paced._read = readPaced;
  paced.resume = resumePaced;
}

// oxlint-enable no-underscore-dangle, typescript/unbound-method

/** Passes the input of a paced socket on in small pieces from now on, beginning with `first`. */
export function readInPieces(socket: Socket, first: Buffer): void {
  (socket as PacedSocket)[reader]?.beginPieces(first);
}

/** Called by Node.js with what it has read; null: the client has sent everything. */
function pushPaced(this: PacedSocket, chunk: Buffer | null): boolean {
  return this[reader]?.push(chunk) ?? push.call(this, chunk);
}

/** Called by the stream when it has room for more. */
function readPaced(this: PacedSocket, size: number): void {
  if (this[reader]?.goOn() !== true) read.call(this, size);
}

/** Called by the consumer, if it has paused the socket before. */
function resumePaced(this: PacedSocket): PacedSocket {
  resume.call(this);
  this[reader]?.goOn();
  return this;
}

/** Stands between a socket and its consumer. */
class PacedReader implements Waiting {
  readonly #socket: Socket;
  readonly #turns: TurnBudget;
  #held: Held | undefined;
  /** Length of the next piece, in bytes. */
  #pieceBytes = Number.POSITIVE_INFINITY;
  /** Until when its input waits behind that of others. */
  #busyUntilMs = 0;

  constructor(socket: Socket, turns: TurnBudget) {
    this.#socket = socket;
    this.#turns = turns;
  }

  beginPieces(first: Buffer): void {
    this.#pieceBytes = minPieceBytes;
    if (first.length === 0) return;
    if (this.#held !== undefined) {
      this.#held.bytes = Buffer.concat([first, this.#held.bytes]);
      return;
    }
    this.#held = { bytes: first, isLast: false, isBlocked: false };
    this.#turns.wait(this, true);
  }

  /** Passes on what was read, or holds it. Returns whether Node.js may read more. */
  push(chunk: Buffer | null): boolean {
    const held = this.#held;
    if (held !== undefined) {
      if (chunk === null) held.isLast = true;
      else held.bytes = Buffer.concat([held.bytes, chunk]);
      return false;
    }
    const isBusy = this.#busyUntilMs > 0 && this.#turns.nowMs() < this.#busyUntilMs;
    const hasTime = chunk === null || (!isBusy && this.#turns.hasTime());
    if (hasTime && (chunk === null || chunk.length <= smallBytes)) return push.call(this.#socket, chunk);
    this.#held = { bytes: chunk, isLast: false, isBlocked: false };
    if (!hasTime || this.work()) this.#turns.wait(this, !hasTime && !isBusy);
    return this.#held === undefined && this.#socket.readableLength < this.#socket.readableHighWaterMark;
  }

  /** Waits for a turn again, if the consumer takes more. Returns whether something is held. */
  goOn(): boolean {
    const held = this.#held;
    if (held === undefined) return false;
    if (!held.isBlocked || this.#socket.isPaused()) return true;
    held.isBlocked = false;
    this.#turns.wait(this, false);
    return true;
  }

  /** Passes one piece on. */
  work(): boolean {
    const held = this.#held;
    if (held === undefined || this.#socket.destroyed) return false;
    held.isBlocked = this.#socket.isPaused();
    if (held.isBlocked) return false;
    const piece = held.bytes.subarray(0, this.#pieceBytes);
    held.bytes = held.bytes.subarray(piece.length);
    const isDone = held.bytes.length === 0;
    if (isDone) this.#held = undefined;
    const startMs = this.#turns.nowMs();
    held.isBlocked = !push.call(this.#socket, piece) || this.#socket.isPaused();
    const endMs = this.#turns.nowMs();
    this.#adapt(endMs - startMs);
    if (!isDone) this.#busyUntilMs = endMs + busyMs;
    if (isDone && held.isLast) this.push(null);
    return !isDone && !held.isBlocked;
  }

  #adapt(spentMs: number): void {
    if (this.#pieceBytes > maxPieceBytes) return;
    if (spentMs > slowMs) this.#pieceBytes = minPieceBytes;
    else if (spentMs < quickMs) this.#pieceBytes = Math.min(this.#pieceBytes * 2, maxPieceBytes);
  }
}
