import type { AppId } from "@sealcast/protocol";
import { repeatSeconds, type Position, type Publication } from "../../ports/broker.ts";
import type { Clock } from "../../ports/clock.ts";
import { OldestFirst } from "./oldest-first.ts";

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
  readonly #published = new OldestFirst<string, Published>();

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
    this.#published.add(key, { position, forgetAtMs: nowMs + repeatSeconds * 1_000 });
    return position;
  }

  #forgetOld(): void {
    const nowMs = this.#clock.monotonicNow();
    for (let forgotten = 0; forgotten < maxForgotten; forgotten += 1) {
      const { oldest } = this.#published;
      if (oldest === undefined) return;
      if (oldest.value.forgetAtMs > nowMs && this.#published.size < maxPublications) return;
      this.#published.delete(oldest.key);
    }
  }
}
