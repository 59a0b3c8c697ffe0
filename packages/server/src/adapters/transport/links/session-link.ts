import { closeReasons, type CloseReason } from "@sealcast/protocol";
import type { Link, LinkEvents } from "../../../ports/transport.ts";

/** What a link reports to the listener that it belongs to. */
export interface LinkOwner {
  /** The link's client disconnected. Returns false if that was reported before. */
  left(link: SessionLink): boolean;
  /** The session behind a link threw. */
  failed(error: unknown): void;
  /** A link is closed because its client reads too slowly. */
  slow(unsentBytes: number): void;
}

/** A link with the session behind it. An exception of the session ends only this link. */
export abstract class SessionLink implements Link {
  readonly #owner: LinkOwner;
  #session: LinkEvents | undefined;

  constructor(owner: LinkOwner) {
    this.#owner = owner;
  }

  /** Begins to report to the session. */
  attach(session: LinkEvents): void {
    this.#session = session;
  }

  /** Passes a client's message to the session. */
  received(text: string): void {
    try {
      this.#session?.receive(text);
    } catch (error) {
      this.#owner.failed(error);
      this.destroy();
    }
  }

  /** The client gave a sign of life. */
  alive(): void {
    this.#session?.alive();
  }

  /**
   * The client disconnected. Further calls have no effect.
   *
   * @param reason as {@link SessionLink.endSession}.
   */
  ended(reason?: CloseReason): void {
    if (this.#owner.left(this)) this.endSession(reason);
  }

  /**
   * Ends the session behind the link; the link itself may take longer to close. Further calls have no effect.
   *
   * @param reason why the transport closes the link; undefined if the client closed it or disconnected.
   */
  endSession(reason?: CloseReason): void {
    const session = this.#session;
    this.#session = undefined;
    try {
      session?.closed(reason);
    } catch (error) {
      this.#owner.failed(error);
    }
  }

  /** Closes a client that does not read what it is sent. Drops its unsent messages to free their memory. */
  closeSlow(unsentBytes: number): void {
    this.reportSlow(unsentBytes);
    this.dropUnsent();
    this.close(closeReasons.slowConsumer.code, closeReasons.slowConsumer.message);
    this.endSession(closeReasons.slowConsumer);
  }

  /** Reports that the client is closed because it reads too slowly. */
  protected reportSlow(unsentBytes: number): void {
    this.#owner.slow(unsentBytes);
  }

  /** Drops the waiting messages, except those that the runtime has already taken. */
  protected abstract dropUnsent(): void;
  abstract send(text: string): void;
  abstract close(code: number, reason: string): void;
  abstract unsentBytes(): number;
  /** Cuts the connection and drops what was not sent. */
  abstract destroy(): void;
}
