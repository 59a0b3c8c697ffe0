import { closeReasons } from "@sealcast/protocol";
import { errorLocation } from "../../../core/errors/error-location.ts";
import { inTurns } from "../../../core/turns.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Log } from "../../../ports/log.ts";
import type { OpenRequest, TransportHandlers } from "../../../ports/transport.ts";
import type { FlushQueue } from "../outbox/flush-queue.ts";
import type { LinkOwner, SessionLink } from "./session-link.ts";
import type { TurnBudget } from "./turn-budget.ts";

/** How long clients and requests may take to finish when the server closes. */
export const closeGraceMs = 500;

/** What all links of a transport share. */
export interface SharedByLinks {
  readonly queue: FlushQueue;
  readonly turns: TurnBudget;
  readonly clock: Clock;
  readonly log: Log;
}

/** The open links of one listener, of every kind. */
export class OpenLinks implements LinkOwner {
  readonly shared: SharedByLinks;
  readonly #links = new Set<SessionLink>();
  #lastLeft: (() => void) | undefined;

  constructor(shared: SharedByLinks) {
    this.shared = shared;
  }

  /** All open links. */
  get all(): ReadonlySet<SessionLink> {
    return this.#links;
  }

  /** Adds a new link and opens a session behind it. */
  open(link: SessionLink, request: OpenRequest, opener: Pick<TransportHandlers, "open">): void {
    this.#links.add(link);
    try {
      link.attach(opener.open(request, link));
    } catch (error) {
      this.failed(error);
      link.destroy();
    }
  }

  left(link: SessionLink): boolean {
    const known = this.#links.delete(link);
    if (this.#links.size === 0) this.#lastLeft?.();
    return known;
  }

  failed(error: unknown): void {
    this.shared.log.error("session.failed", { where: errorLocation(error) });
  }

  slow(unsentBytes: number): void {
    this.shared.log.info("connection.slow", { unsentBytes });
  }

  /** Closes all links, waits for clients to answer, and cuts the rest. What was sent before is delivered first. */
  async closeAll(): Promise<void> {
    const { turns } = this.shared;
    // Not "reconnect at once": nothing accepts connections any more.
    const { code, message } = closeReasons.draining;
    await inTurns(turns, this.#links, (link) => link.close(code, message));
    await this.#allLeft();
    await inTurns(turns, this.#links, (link) => link.destroy());
  }

  #allLeft(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#links.size === 0) return resolve();
      const stopWaiting = this.shared.clock.after(closeGraceMs, resolve);
      this.#lastLeft = () => {
        stopWaiting();
        resolve();
      };
    });
  }
}
