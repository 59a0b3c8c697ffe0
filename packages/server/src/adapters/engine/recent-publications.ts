import type { AppId } from "@sealcast/protocol";
import { repeatSeconds, type Position, type Publication } from "../../ports/broker.ts";
import type { Clock } from "../../ports/clock.ts";
import { OldestFirst } from "./oldest-first.ts";

/** Most publications that are remembered; above that, the app that has the most forgets its oldest. */
const defaultMax = 100_000;
/** Most expired ones of an app that one publication forgets: more than it adds, and few enough to take no time. */
const maxForgotten = 100;

interface Published {
  readonly position: Position | undefined;
  readonly forgetAtMs: number;
}

/** The publications of one app by channel and id. */
type PublishedByApp = OldestFirst<string, Published>;

/** Recent publications that have an id, so that they are not published twice. */
export class RecentPublications {
  readonly #clock: Pick<Clock, "monotonicNow">;
  readonly #max: number;
  /** The app that has published nothing for the longest time first. */
  readonly #apps = new Map<AppId, PublishedByApp>();
  #size = 0;

  /** @param max most publications of all apps together. */
  constructor(clock: Pick<Clock, "monotonicNow">, max = defaultMax) {
    this.#clock = clock;
    this.#max = max;
  }

  /** Number of publications that are remembered. */
  get size(): number {
    return this.#size;
  }

  /** Publishes what was not published before, and returns its position, now as then. */
  once(app: AppId, publication: Publication, publish: () => Position | undefined): Position | undefined {
    const { channel, id } = publication;
    if (id === undefined) return publish();
    const nowMs = this.#clock.monotonicNow();
    const published = this.#apps.get(app) ?? new OldestFirst<string, Published>();
    const key = `${channel} ${id}`;
    const known = published.get(key);
    if (known !== undefined && known.forgetAtMs > nowMs) return known.position;
    const position = publish();
    if (known === undefined) this.#size += 1;
    published.add(key, { position, forgetAtMs: nowMs + repeatSeconds * 1_000 });
    this.#apps.delete(app);
    this.#apps.set(app, published);
    this.#forgetExpired(app, published, nowMs);
    const [idle] = this.#apps;
    if (idle !== undefined) this.#forgetExpired(...idle, nowMs);
    if (this.#size > this.#max) this.#forgetOldest(this.#largest());
    return position;
  }

  #forgetExpired(app: AppId, published: PublishedByApp, nowMs: number): void {
    for (let forgotten = 0; forgotten < maxForgotten; forgotten += 1) {
      const { oldest } = published;
      if (oldest === undefined || oldest.value.forgetAtMs > nowMs) break;
      this.#forgetOldest(published);
    }
    if (published.size === 0) this.#apps.delete(app);
  }

  #forgetOldest(published: PublishedByApp): void {
    const { oldest } = published;
    if (oldest === undefined) return;
    published.delete(oldest.key);
    this.#size -= 1;
  }

  #largest(): PublishedByApp {
    let largest: PublishedByApp = new OldestFirst();
    for (const published of this.#apps.values()) if (published.size > largest.size) largest = published;
    return largest;
  }
}
