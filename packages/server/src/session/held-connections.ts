import type { Clock } from "../ports/clock.ts";
import type { LinkEvents } from "../ports/transport.ts";

/** How long a new connection is held at most, in milliseconds. Clients give up after 10 to 15 seconds. */
const longestMs = 5_000;

/**
 * New connections of a server that shuts down. They are held until the server ends, and then refused. A client that is
 * refused comes back a second later; if it was refused at once, it could come back while nothing listens, and official
 * clients then stay away for 15 seconds.
 */
export class HeldConnections {
  readonly #clock: Pick<Clock, "after">;
  readonly #endings = new Set<() => void>();

  constructor(clock: Pick<Clock, "after">) {
    this.#clock = clock;
  }

  /** Holds a connection. `refuse` is called once, unless the client ends the connection before. */
  hold(refuse: () => void): LinkEvents {
    const end = (): void => {
      this.#endings.delete(end);
      cancel();
      refuse();
    };
    const cancel = this.#clock.after(longestMs, end);
    this.#endings.add(end);
    return {
      receive: () => undefined,
      alive: () => undefined,
      closed: () => {
        this.#endings.delete(end);
        cancel();
      },
    };
  }

  /** Refuses all held connections. */
  refuseAll(): void {
    for (const end of this.#endings) end();
  }
}
