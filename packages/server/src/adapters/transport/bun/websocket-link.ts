import { closeReasons, type CloseReason } from "@sealcast/protocol";
import type { BunServer, BunWebSocket } from "./bun-api.ts";
import type { Backlogged } from "../outbox/backlogs.ts";
import type { BunBackPressure } from "./back-pressure.ts";
import { closeText } from "../links/close-reason-text.ts";
import { SessionLink, type LinkOwner } from "../links/session-link.ts";
import type { TurnBudget } from "../links/turn-budget.ts";
import { HeldMessages } from "./held-messages.ts";

const openState = 1;

/** What all WebSockets of a listener share. */
export interface SharedByBunLinks {
  readonly turns: TurnBudget;
  readonly pressure: BunBackPressure;
  /** Most messages of one connection that may wait for time. */
  readonly maxHeld: number;
}

/** A link over a WebSocket of Bun, which itself keeps messages and publishes in order. */
export class BunLink extends SessionLink implements Backlogged {
  readonly server: BunServer;
  readonly ws: BunWebSocket;
  readonly #shared: SharedByBunLinks;
  /** Messages that wait for time, while there are any. */
  #held: HeldMessages | undefined;
  #lastUnsent = 0;
  #progress = 0;

  constructor(owner: LinkOwner, shared: SharedByBunLinks, server: BunServer, ws: BunWebSocket) {
    super(owner);
    this.#shared = shared;
    this.server = server;
    this.ws = ws;
  }

  /** A message came in. */
  message(message: string | Uint8Array): void {
    if (this.ws.readyState !== openState) return;
    if (typeof message !== "string") {
      this.close(closeReasons.binaryMessage.code, closeReasons.binaryMessage.message);
    } else if (this.#held === undefined && this.#shared.turns.hasTime()) {
      this.received(message);
    } else if (!this.#hold(message)) {
      this.close(closeReasons.tooManyMessages.code, closeReasons.tooManyMessages.message);
      this.endSession(closeReasons.tooManyMessages);
    }
  }

  override send(text: string): void {
    if (this.ws.send(text, true) < 0) this.#shared.pressure.watch();
  }

  override close(code: number, reason: string): void {
    this.#held?.clear();
    if (this.ws.readyState === openState) this.ws.close(code, closeText(reason));
  }

  override destroy(): void {
    this.ws.terminate();
  }

  override ended(reason?: CloseReason): void {
    this.#shared.pressure.remove(this);
    if (reason !== undefined) this.#held?.clear();
    const end = (): void => super.ended(reason);
    // What came before the client closed is handled, too.
    if (this.#held === undefined) end();
    else this.#held.whenDone(end);
  }

  override unsentBytes(): number {
    return this.ws.getBufferedAmount();
  }

  /** Bun does not tell how much was sent: it is progress if less waits than at the last look. */
  progress(): number {
    const unsent = this.unsentBytes();
    if (unsent < this.#lastUnsent) this.#progress += 1;
    this.#lastUnsent = unsent;
    return this.#progress;
  }

  /** Bun keeps what it has taken; a client that takes none of it is cut some seconds later. */
  protected override dropUnsent(): void {
    // Nothing waits outside of Bun.
  }

  cutSlow(unsentBytes: number): void {
    this.reportSlow(unsentBytes);
    this.destroy();
  }

  /** Keeps a message for a later turn. Returns false if too many wait. */
  #hold(text: string): boolean {
    if (this.#held === undefined) {
      const { turns, maxHeld } = this.#shared;
      this.#held = new HeldMessages(
        maxHeld,
        (next) => this.received(next),
        () => (this.#held = undefined),
      );
      turns.wait(this.#held, true);
    }
    return this.#held.add(text);
  }
}
