import type { ServerSettings } from "../../../core/server-settings.ts";

/** A WebSocket of Bun, as far as its undelivered bytes are concerned. */
export interface HoldsBack {
  /** Bytes that were sent and have not reached the operating system. */
  unsentBytes(): number;
  closeSlow(unsentBytes: number): void;
  destroy(): void;
}

/** How often links are looked at while one of them holds data back, and nothing is sent. */
const sampleMs = 50;
/** Share of the time that looking at many links may take. */
const maxShare = 0.05;

/** Counts the bytes that WebSockets of Bun hold back. Bun tells only that some do, so all are looked at until none does. */
export class BunBackPressure {
  readonly #limits: Pick<ServerSettings, "maxOutboxBytes" | "maxBufferedBytes">;
  readonly #links = new Set<HoldsBack>();
  #bytes = 0;
  #sampleSoon = false;
  #pauseEndsMs = 0;
  #sampling: NodeJS.Timeout | undefined;

  constructor(limits: Pick<ServerSettings, "maxOutboxBytes" | "maxBufferedBytes">) {
    this.#limits = limits;
  }

  /** Bytes that waited when the links were last looked at. */
  get bytes(): number {
    return this.#bytes;
  }

  add(link: HoldsBack): void {
    this.#links.add(link);
  }

  remove(link: HoldsBack): void {
    this.#links.delete(link);
  }

  /** Looks at all links soon. To be called when a WebSocket could not take a message at once. */
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
    for (const link of this.#links) {
      const waiting = link.unsentBytes();
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
