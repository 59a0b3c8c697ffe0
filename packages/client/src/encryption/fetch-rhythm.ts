/** Longest pause after the first fetch that brought nothing, and the longest at all, in milliseconds. */
const firstPauseMs = 250;
const longestPauseMs = 5_000;
/** Never more than this many fetches within a minute. */
const mostPerMinute = 20;
const minuteMs = 60_000;

/**
 * Says when to ask for new keys: at once, then after pauses that grow and are drawn at random from zero up to their
 * bound, one fetch at a time, and never more than twenty in a minute, whatever the server makes us do.
 */
export class FetchRhythm {
  /** When the last fetches began, oldest first. */
  #starts: number[] = [];
  #fruitless = 0;
  #underWay = false;
  #notBefore = 0;

  /** Whether a fetch is under way. */
  get underWay(): boolean {
    return this.#underWay;
  }

  /** When the next fetch may begin, on the clock that the other methods use. */
  get earliest(): number {
    const first = this.#starts.length < mostPerMinute ? undefined : this.#starts[0];
    return first === undefined ? this.#notBefore : Math.max(this.#notBefore, first + minuteMs);
  }

  /** A fetch begins. */
  begin(nowMs: number): void {
    this.#underWay = true;
    this.#starts = [...this.#starts.slice(1 - mostPerMinute), nowMs];
  }

  /** A fetch, or another authorization, has ended. `jitter`: at least 0 and below 1. */
  end(nowMs: number, broughtKeys: boolean, jitter: number): void {
    this.#underWay = false;
    this.#fruitless = broughtKeys ? 0 : this.#fruitless + 1;
    const pause = Math.min(firstPauseMs * 2 ** (this.#fruitless - 1), longestPauseMs);
    this.#notBefore = broughtKeys ? nowMs : nowMs + jitter * pause;
  }

  /** Nothing waits for keys any more: the next fetch is a first one again. */
  rest(): void {
    this.#fruitless = 0;
    this.#notBefore = 0;
  }
}
