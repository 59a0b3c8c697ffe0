import type { ServerSettings } from "../../../core/server-settings.ts";
import { BunLink } from "./websocket-link.ts";
import type { OpenLinks } from "../links/open-links.ts";

/** How often links are looked at while one of them holds data back, and nothing is sent. */
const sampleMs = 50;
/** Share of the time that looking at many links may take. */
const maxShare = 0.05;

/** Counts what WebSockets of Bun hold back. Bun tells only that some do, so all are looked at until none does. */
export class BunBackPressure {
  readonly #limits: Pick<ServerSettings, "maxOutboxBytes" | "maxBufferedBytes">;
  readonly #links: OpenLinks;
  #bytes = 0;
  #sampleSoon = false;
  #pauseEndsMs = 0;
  #sampling: NodeJS.Timeout | undefined;

  constructor(limits: Pick<ServerSettings, "maxOutboxBytes" | "maxBufferedBytes">, links: OpenLinks) {
    this.#limits = limits;
    this.#links = links;
  }

  /** Bytes that waited when the links were last looked at. */
  get bytes(): number {
    return this.#bytes;
  }

  /** To be called when a WebSocket could not take a message at once. */
  watch(): void {
    this.#sampling ??= setInterval(() => this.#sample(), sampleMs).unref();
    if (this.#sampleSoon || performance.now() < this.#pauseEndsMs) return;
    this.#sampleSoon = true;
    setImmediate(() => this.#sample());
  }

  #sample(): void {
    this.#sampleSoon = false;
    const startMs = performance.now();
    this.#bytes = 0;
    for (const link of this.#links.all) {
      if (!(link instanceof BunLink)) continue;
      const waiting = link.ws.getBufferedAmount();
      this.#bytes += waiting;
      if (waiting <= this.#limits.maxOutboxBytes) continue;
      if (this.#bytes > this.#limits.maxBufferedBytes) link.destroy();
      else link.closeSlow(waiting);
    }
    const endMs = performance.now();
    this.#pauseEndsMs = endMs + (endMs - startMs) / maxShare;
    if (this.#bytes > 0) return;
    clearInterval(this.#sampling);
    this.#sampling = undefined;
  }
}
