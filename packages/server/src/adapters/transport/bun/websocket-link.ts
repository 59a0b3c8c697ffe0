import { closeReasons, type CloseReason } from "@sealcast/protocol";
import type { BunServer, BunWebSocket } from "./bun-api.ts";
import type { Backlogged } from "../outbox/backlogs.ts";
import type { BunBackPressure } from "./back-pressure.ts";
import { closeText } from "../links/close-reason-text.ts";
import type { OpenLinks } from "../links/open-links.ts";
import { SessionLink } from "../links/session-link.ts";
import { HeldMessages } from "./held-messages.ts";

const openState = 1;

/** A link over a WebSocket of Bun, which itself keeps messages and publishes in order. */
export class BunLink extends SessionLink implements Backlogged {
  readonly server: BunServer;
  readonly ws: BunWebSocket;
  readonly #pressure: BunBackPressure;
  readonly #held: HeldMessages;
  #lastUnsent = 0;
  #progress = 0;

  /** @param maxHeld most messages that may wait for time. */
  constructor(links: OpenLinks, pressure: BunBackPressure, server: BunServer, ws: BunWebSocket, maxHeld: number) {
    super(links);
    this.#held = new HeldMessages(links.shared.turns, maxHeld, (text) => this.received(text));
    this.server = server;
    this.#pressure = pressure;
    this.ws = ws;
  }

  /** A message came in. */
  message(message: string | Uint8Array): void {
    if (this.ws.readyState !== openState) return;
    if (typeof message !== "string") {
      this.close(closeReasons.binaryMessage.code, closeReasons.binaryMessage.message);
    } else if (!this.#held.add(message)) {
      this.close(closeReasons.tooManyMessages.code, closeReasons.tooManyMessages.message);
      this.endSession(closeReasons.tooManyMessages);
    }
  }

  override send(text: string): void {
    if (this.ws.send(text, true) < 0) this.#pressure.watch();
  }

  override close(code: number, reason: string): void {
    this.#held.clear();
    if (this.ws.readyState === openState) this.ws.close(code, closeText(reason));
  }

  override destroy(): void {
    this.ws.terminate();
  }

  override ended(reason?: CloseReason): void {
    this.#pressure.remove(this);
    if (reason !== undefined) this.#held.clear();
    // What came before the client closed is handled, too.
    this.#held.whenDone(() => super.ended(reason));
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
}
