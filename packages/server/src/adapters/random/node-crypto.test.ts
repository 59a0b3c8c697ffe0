import { describe, expect, it } from "vitest";
import { createCryptoRandom } from "./node-crypto.ts";

describe("createCryptoRandom", () => {
  it.each([1, 2, 7, 2 ** 31])("draws whole numbers below %d", (limit) => {
    const random = createCryptoRandom();
    for (let draw = 0; draw < 2_000; draw += 1) {
      const number = random.below(limit);
      expect(Number.isInteger(number) && number >= 0 && number < limit).toBe(true);
    }
  });

  it("uses the whole range, and does not repeat itself across its blocks", () => {
    const random = createCryptoRandom();
    const numbers = Array.from({ length: 2_000 }, () => random.below(2 ** 31));
    expect(new Set(numbers).size).toBeGreaterThan(1_990);
    expect(Math.max(...numbers)).toBeGreaterThan(2 ** 31 * 0.98);
    expect(Math.min(...numbers)).toBeLessThan(2 ** 31 * 0.02);
  });
});
