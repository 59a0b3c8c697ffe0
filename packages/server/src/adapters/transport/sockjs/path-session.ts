import { closeReasons, type CloseReason } from "@sealcast/protocol";
import type { Clock } from "../../../ports/clock.ts";
import type { Link, LinkEvents, OpenRequest, TransportHandlers } from "../../../ports/transport.ts";
import { parsePathMessage, type AppAddress } from "./path-message.ts";

/** What opens the session of an app. */
export type Opener = Pick<TransportHandlers, "open">;

/** What a client asks for whose first message is not a path. */
const noAddress: AppAddress = { path: "", query: "" };

/** The session behind a link of SockJS. The first message says for which app it is; then the session of that app opens. */
export class PathSession implements LinkEvents {
  readonly #request: OpenRequest;
  readonly #link: Link;
  readonly #opener: Opener;
  readonly #stopWaiting: () => void;
  #session: LinkEvents | undefined;
  #isOver = false;

  /** @param waitMs how long the first message may take. */
  constructor(request: OpenRequest, link: Link, opener: Opener, clock: Pick<Clock, "after">, waitMs: number) {
    // The request is not kept: it holds everything that was sent with it.
    const { path, query, origin, address, secure } = request;
    this.#request = { path, query, origin, address, secure };
    this.#link = link;
    this.#opener = opener;
    this.#stopWaiting = clock.after(waitMs, () => {
      this.closed();
      const { code, message } = closeReasons.pathNotReceived;
      this.#link.close(code, message);
    });
  }

  receive(text: string): void {
    if (this.#isOver) return;
    if (this.#session !== undefined) return this.#session.receive(text);
    this.#stopWaiting();
    const { path, query } = parsePathMessage(text) ?? noAddress;
    this.#session = this.#opener.open({ ...this.#request, path, query }, this.#link);
  }

  alive(): void {
    this.#session?.alive();
  }

  closed(reason?: CloseReason): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopWaiting();
    this.#session?.closed(reason);
  }
}
