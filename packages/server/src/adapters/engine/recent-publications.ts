import type { AppId } from "@sealcast/protocol";
import { repeatSeconds, type Position, type Publication } from "../../ports/broker.ts";
import type { Clock } from "../../ports/clock.ts";

/** Most publications that are remembered; above that, the oldest are forgotten. */
const maxPublications = 100_000;
/** Most that one publication forgets: more than it adds, and few enough to take no time. */
const maxForgotten = 100;

interface Published {
  readonly position: Position | undefined;
  readonly forgetAtMs: number;
}

/** Recent publications that have an id, so that they are not published twice. */
export class RecentPublications {
  readonly #clock: Pick<Clock, "monotonicNow">;
  /** Oldest first. */
  readonly #published = new Map<string, Published>();

  constructor(clock: Pick<Clock, "monotonicNow">) {
    this.#clock = clock;
  }

  /** Publishes what was not published before, and returns its position, now as then. */
  once(app: AppId, publication: Publication, publish: () => Position | undefined): Position | undefined {
    const { channel, id } = publication;
    if (id === undefined) return publish();
    this.#forgetOld();
    const key = `${app}/${channel} ${id}`;
    const nowMs = this.#clock.monotonicNow();
    const known = this.#published.get(key);
    if (known !== undefined && known.forgetAtMs > nowMs) return known.position;
    const position = publish();
    this.#published.delete(key);
    this.#published.set(key, { position, forgetAtMs: nowMs + repeatSeconds * 1_000 });
    return position;
  }

  #forgetOld(): void {
    const nowMs = this.#clock.monotonicNow();
    let forgotten = 0;
    for (const [key, { forgetAtMs }] of this.#published) {
      if (forgetAtMs > nowMs && this.#published.size < maxPublications) return;
      if (forgotten === maxForgotten) return;
      this.#published.delete(key);
      forgotten += 1;
    }
  }
}
