import type { Random } from "@sealcast/server";

/** Predictable numbers: each one is one more than the last. */
export class FakeRandom implements Random {
  #last = 0;

  below(limit: number): number {
    this.#last += 1;
    return this.#last % limit;
  }
}
