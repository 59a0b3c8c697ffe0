import { describe, expect, test } from "vitest";
import { errorCatalogue, type ErrorRow } from "./error-catalogue.ts";

const rows = Object.entries<ErrorRow>(errorCatalogue);
const passing = new Set([429, 500, 503]);

describe("error catalogue", () => {
  test.each(rows)("[ERR1] %s: the row is complete and agrees with its status", (id, row) => {
    expect(row.status).toBeGreaterThanOrEqual(400);
    expect(row.status).toBeLessThan(600);
    expect(row.meaning).toMatch(/^[A-Z`].*\.$/s);
    expect(row.fix).toMatch(/^[A-Z].*\.$/s);
    expect(id).toMatch(/^[a-z][A-Za-z]+$/);
    // A presence channel is full only until somebody leaves.
    expect(row.retry).toBe(passing.has(row.status) || id === "presenceFull" ? "later" : "after-fix");
  });

  test("[CLOSE3] only the two numbered errors of the protocol have a code", () => {
    expect(rows.flatMap(([id, { code }]) => (code === null ? [] : [[id, code]]))).toEqual([
      ["clientEventRateLimited", 4301],
      ["watchlistTooLong", 4302],
      // Client events over the quota of the day are over a limit, too.
      ["quotaExceeded", 4301],
    ]);
  });

  test("[ERR1] no two rows mean the same", () => {
    expect(new Set(rows.map(([, { meaning }]) => meaning)).size).toBe(rows.length);
  });
});
