import { closeReasons } from "@sealcast/protocol";
import type { Log } from "../../../ports/log.ts";
import type { OpenRequest, TransportHandlers } from "../../../ports/transport.ts";
import { errorLocation } from "../../../core/error-location.ts";
import type { FlushQueue } from "../outbox/flush-queue.ts";
import type { ReadPace } from "./read-fairness.ts";
import type { SessionLink } from "./session-link.ts";

/** How long what is under way may take when everything closes. */
export const closeGraceMs = 500;

/** The links of one listener, of every kind, with the queue that flushes them and the pace at which they are read. */
export class OpenLinks {
  readonly queue: FlushQueue;
  readonly pace: ReadPace;
  readonly #log: Log;
  readonly #links = new Set<SessionLink>();
  #lastLeft: (() => void) | undefined;

  constructor(queue: FlushQueue, pace: ReadPace, log: Log) {
    this.queue = queue;
    this.pace = pace;
    this.#log = log;
  }

  /** Those whose clients are there. */
  get all(): ReadonlySet<SessionLink> {
    return this.#links;
  }

  /** Has a session opened behind a new link. */
  open(link: SessionLink, request: OpenRequest, handlers: TransportHandlers): void {
    this.#links.add(link);
    try {
      link.attach(handlers.open(request, link));
    } catch (error) {
      this.failed(error);
      link.destroy();
    }
  }

  /** The link's client is gone; false where that was known. */
  left(link: SessionLink): boolean {
    const known = this.#links.delete(link);
    if (this.#links.size === 0) this.#lastLeft?.();
    return known;
  }

  /** The session behind a link threw. */
  failed(error: unknown): void {
    this.#log.error("session.failed", { where: errorLocation(error) });
  }

  /** A link is closed because its client reads too slowly. */
  slow(unsentBytes: number): void {
    this.#log.info("connection.slow", { unsentBytes });
  }

  /** Closes all links, gives clients a moment to answer, and cuts the rest. What was sent before goes out first. */
  async closeAll(): Promise<void> {
    for (const link of this.#links) link.close(closeReasons.shuttingDown.code, closeReasons.shuttingDown.message);
    await this.#allLeft();
    for (const link of this.#links) link.destroy();
  }

  #allLeft(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#links.size === 0) return resolve();
      const grace = setTimeout(resolve, closeGraceMs);
      this.#lastLeft = () => {
        clearTimeout(grace);
        resolve();
      };
    });
  }
}
