import { randomFillSync } from "node:crypto";
import type { Random } from "../../ports/random.ts";

const bytesPerNumber = 4;
const range = 2 ** 32;

/** Random numbers of `node:crypto`, drawn in blocks: asking the operating system for each one costs far more. */
export function createCryptoRandom(): Random {
  const pool = new Uint32Array(1024 / bytesPerNumber);
  let used = pool.length;

  function next(): number {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const number = pool[used] ?? 0;
    pool[used] = 0;
    used += 1;
    return number;
  }

  return {
    below(limit) {
      // Numbers beyond the last whole multiple of the limit would make small answers likelier.
      const fair = range - (range % limit);
      let number = next();
      while (number >= fair) number = next();
      return number % limit;
    },
  };
}
