import type { LinkEvents } from "../../ports/transport.ts";
import type { OpenLinks } from "./open-links.ts";
import { Outbox } from "./outbox.ts";

/** A link with the session behind it: both directions. Whatever the session does, the process lives on. */
export abstract class SessionLink extends Outbox {
  readonly #links: OpenLinks;
  #session: LinkEvents | undefined;

  constructor(links: OpenLinks) {
    super(links.queue);
    this.#links = links;
  }

  /** Begins to report to the session. */
  attach(session: LinkEvents): void {
    this.#session = session;
  }

  /** Gives a client's message to the session; after a close, nobody listens. */
  received(text: string): void {
    if (!this.open) return;
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

  /** To be called when the client is gone. */
  ended(): void {
    if (!this.release()) return;
    this.#links.left(this);
    try {
      this.#session?.closed();
    } catch (error) {
      this.#links.failed(error);
    }
  }
}
