import type { Clock } from "../../../ports/clock.ts";
import type { Link, LinkEvents, OpenRequest, TransportHandlers } from "../../../ports/transport.ts";
import { heartbeatMs } from "../links/heartbeat.ts";
import { PathSession, type Opener } from "./path-session.ts";
import { isSocketPath } from "../../../core/connections/sockjs-path.ts";
import { SockJsSocket } from "./sockjs-socket.ts";

/**
 * What the transports of SockJS have in common. SockJS is the last fallback of pusher-js: its sessions do not belong to an app
 * until their first message says to which. As an opener, it takes every WebSocket of a listener.
 */
export class SockJs implements Opener {
  readonly #clock: Clock;
  readonly #handlers: Pick<TransportHandlers, "open">;
  readonly #waitMs: number;
  #lastMessage = "";
  #lastFrame = "";
  readonly #frameOf = (message: string): string => this.#framed(message);

  /** @param waitSeconds how long the first message of a session may take. */
  constructor(clock: Clock, handlers: Pick<TransportHandlers, "open">, waitSeconds: number) {
    this.#clock = clock;
    this.#handlers = handlers;
    this.#waitMs = waitSeconds * 1_000;
  }

  /** Opens the session of a WebSocket, which speaks SockJS at its paths. */
  open(request: OpenRequest, link: Link): LinkEvents {
    if (!isSocketPath(request.path)) return this.#handlers.open(request, link);
    const stopHeartbeats = this.#clock.every(heartbeatMs, () => socket.heartbeat());
    const socket = new SockJsSocket(link, this.#frameOf, (framed) => this.openSession(request, framed), stopHeartbeats);
    return socket;
  }

  /** Opens a session behind a link that frames its messages itself. */
  openSession(request: OpenRequest, link: Link): LinkEvents {
    return new PathSession(request, link, this.#handlers, this.#clock, this.#waitMs);
  }

  /** A publish sends the same message to each subscriber before the next message comes. */
  #framed(message: string): string {
    if (message !== this.#lastMessage || this.#lastFrame === "") {
      this.#lastMessage = message;
      this.#lastFrame = `a${JSON.stringify([message])}`;
    }
    return this.#lastFrame;
  }
}
