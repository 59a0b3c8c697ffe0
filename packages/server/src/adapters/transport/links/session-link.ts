import { closeReasons, type CloseReason } from "@sealcast/protocol";
import type { Link, LinkEvents, OutgoingMessage } from "../../../ports/transport.ts";
import type { OpenLinks } from "./open-links.ts";

/** A link with the session behind it. Whatever the session does, the process lives on. */
export abstract class SessionLink implements Link {
  readonly #links: OpenLinks;
  #session: LinkEvents | undefined;

  constructor(links: OpenLinks) {
    this.#links = links;
  }

  /** Begins to report to the session. */
  attach(session: LinkEvents): void {
    this.#session = session;
  }

  /** Gives a client's message to the session. */
  received(text: string): void {
    try {
      this.#session?.receive(text);
    } catch (error) {
      this.#links.failed(error);
      this.destroy();
    }
  }

  /** The client gave a sign of life. */
  alive(): void {
    this.#session?.alive();
  }

  /**
   * To be called when the client is gone; more than once does no harm.
   *
   * @param reason as {@link SessionLink.endSession}.
   */
  ended(reason?: CloseReason): void {
    if (this.#links.left(this)) this.endSession(reason);
  }

  /**
   * Ends the session behind the link, which itself may take longer to close. More than one call does no harm.
   *
   * @param reason why the transport closes the link; undefined: the client does, or it is gone.
   */
  endSession(reason?: CloseReason): void {
    const session = this.#session;
    this.#session = undefined;
    try {
      session?.closed(reason);
    } catch (error) {
      this.#links.failed(error);
    }
  }

  /** Closes a client that does not take what it is sent. What waits for it is dropped, so that its memory is free. */
  closeSlow(unsentBytes: number): void {
    this.reportSlow(unsentBytes);
    this.dropUnsent();
    this.close(closeReasons.slowConsumer.code, closeReasons.slowConsumer.message);
    this.endSession(closeReasons.slowConsumer);
  }

  /** Reports that the client is closed because it reads too slowly. */
  protected reportSlow(unsentBytes: number): void {
    this.#links.slow(unsentBytes);
  }

  /** Drops the messages that wait, except those that the runtime has already taken. */
  protected abstract dropUnsent(): void;
  abstract send(message: OutgoingMessage): void;
  abstract close(code: number, reason: string): void;
  /** Cuts the connection, whatever still waits. */
  abstract destroy(): void;
}
