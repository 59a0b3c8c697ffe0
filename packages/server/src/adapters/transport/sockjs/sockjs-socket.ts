import { closeReasons, type CloseReason } from "@sealcast/protocol";
import type { Link, LinkEvents } from "../../../ports/transport.ts";
import { parseMessageList } from "./message-list.ts";
import { closeFrame } from "./close-frame.ts";

/** Most messages in one frame: clients send one. They are handled in one turn of the event loop. */
const maxMessages = 100;

/** A WebSocket whose messages are frames of SockJS: the link of a session, and what the WebSocket reports to. */
export class SockJsSocket implements Link, LinkEvents {
  readonly #socket: Link;
  readonly #frameOf: (message: string) => string;
  readonly #session: LinkEvents;
  readonly #left: () => void;
  #isClosed = false;

  /**
   * @param frameOf returns the frame of one message.
   * @param open opens the session behind this link.
   * @param left called when the WebSocket has closed.
   */
  constructor(socket: Link, frameOf: (message: string) => string, open: (link: Link) => LinkEvents, left: () => void) {
    this.#socket = socket;
    this.#frameOf = frameOf;
    this.#left = left;
    socket.send("o");
    this.#session = open(this);
  }

  receive(frame: string): void {
    if (this.#isClosed) return undefined;
    // An empty frame is no message.
    if (frame === "") return this.alive();
    const messages = parseMessageList(frame.startsWith('"') ? `[${frame}]` : frame, maxMessages);
    if (messages === undefined) {
      const reason = closeReasons.malformedFrame;
      this.#session.closed(reason);
      return this.close(reason.code, reason.message);
    }
    for (const message of messages) if (!this.#isClosed) this.#session.receive(message);
  }

  alive(): void {
    this.#session.alive();
  }

  closed(reason?: CloseReason): void {
    this.#isClosed = true;
    this.#left();
    this.#session.closed(reason);
  }

  send(text: string): void {
    this.#socket.send(this.#frameOf(text));
  }

  /** Tells the client that the server lives. */
  heartbeat(): void {
    this.#socket.send("h");
  }

  close(code: number, reason: string): void {
    this.#isClosed = true;
    this.#socket.send(closeFrame(code, reason));
    this.#socket.close(code, reason);
  }

  unsentBytes(): number {
    return this.#socket.unsentBytes();
  }
}
