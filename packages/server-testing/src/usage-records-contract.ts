import type { AppId } from "@sealcast/protocol";
import type { UsageRecords } from "@sealcast/server";
import { describe, expect, test } from "vitest";

const app = "1001" as AppId;

/**
 * The rules of the port of usage records, as tests.
 *
 * @param name of the adapter.
 * @param open returns the records of two processes that share an empty store.
 */
export function usageRecordsContract(name: string, open: () => Promise<readonly [UsageRecords, UsageRecords]>): void {
  describe(`${name} keep the contract of usage records`, () => {
    test("[USAGE1] messages of several processes are added up, and the most connections are kept", async () => {
      const [first, second] = await open();
      const row = { app, day: "2026-11-28", messages: 10, peakConnections: 3 };
      for (const records of [first, second]) await records.add([row, { ...row, app: "1002" as AppId }]);
      expect(await first.add([{ ...row, messages: 1, peakConnections: 2 }])).toEqual([21]);
      expect(await second.days(app)).toEqual([{ ...row, messages: 21 }]);
      expect(await second.days("1003" as AppId)).toEqual([]);
    });

    test("[USAGE1] processes that add at the same time lose nothing", async () => {
      const [first, second] = await open();
      const row = { app, day: "2026-11-28", messages: 1, peakConnections: 3 };
      await Promise.all(Array.from({ length: 10 }, () => [first.add([row]), second.add([row])]).flat());
      expect(await first.days(app)).toEqual([{ ...row, messages: 20 }]);
    });

    test("[USAGE2] the last 31 days are kept, the newest first", async () => {
      const [records] = await open();
      for (const day of ["2026-11-28", "2026-11-29", "2026-12-28", "2026-12-29"]) {
        await records.add([{ app, day, messages: 1, peakConnections: 0 }]);
      }
      expect(await records.days(app)).toMatchObject([
        { day: "2026-12-29" },
        { day: "2026-12-28" },
        { day: "2026-11-29" },
      ]);
    });
  });
}
