import type { History, KeptEvent, Position } from "../../../../ports/broker.ts";

/**
 * The position up to which kept events of a channel were delivered on this node. It tells when events were missed, because the
 * connection to Redis was interrupted.
 */
export class DeliveredPosition {
  #last: Position | undefined;
  #isBehind = false;

  get last(): Position | undefined {
    return this.#last;
  }

  /** Whether events were missed. Later ones must wait for them. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** A subscription found this position. Returns false if events before it were missed. */
  found(position: Position | undefined): boolean {
    if (this.#isBehind) return false;
    if (position === undefined) return true;
    this.#last ??= position;
    this.#isBehind = position.epoch !== this.#last.epoch || position.offset !== this.#last.offset;
    return !this.#isBehind;
  }

  /**
   * A kept event has arrived. Returns false if events before it were missed.
   *
   * @param isReconnected whether messages may have been missed.
   */
  reached(position: Position, isReconnected: boolean): boolean {
    this.#isBehind ||= !isNext(this.#last, position, isReconnected);
    if (!this.#isBehind) this.#last = position;
    return !this.#isBehind;
  }

  /** Events were missed and are no longer kept. Delivery goes on behind this position. */
  goOn(position: Position): void {
    this.#last = position;
  }

  /** Takes what was published since `last`, and returns the missed events, or "gap" if some are no longer kept. */
  catchUp({ events, last, gap }: History): readonly KeptEvent[] | "gap" {
    const before = this.#last;
    this.#isBehind = false;
    this.#last = last;
    if (gap || last === undefined) return "gap";
    const missed = events.filter(({ position }) => before?.epoch !== last.epoch || position.offset > before.offset);
    const end = missed.at(-1)?.position.offset ?? before?.offset;
    return end === last.offset ? missed : "gap";
  }
}

function isNext(last: Position | undefined, position: Position, isReconnected: boolean): boolean {
  if (last === undefined) return true;
  return last.epoch === position.epoch ? position.offset === last.offset + 1 : position.offset === 1 && !isReconnected;
}
