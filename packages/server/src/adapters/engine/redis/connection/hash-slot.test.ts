// cspell:ignore keyslot
import { describeWithRedis, startRedis } from "@sealcast/server-testing/redis";
import { createClient } from "redis";
import { expect, onTestFinished, test } from "vitest";
import { hashSlotOf } from "./hash-slot.ts";

describeWithRedis("a hash slot", () => {
  test("is the one that Redis computes", async () => {
    const redis = await startRedis(["--cluster-enabled", "yes"]);
    onTestFinished(() => redis.stop());
    const client = await createClient({ url: redis.url }).connect();
    onTestFinished(() => client.destroy());
    const keys = [
      "",
      "123456789",
      "{room}:a",
      "a{room}b{other}",
      "{}{room}",
      "a}{room}",
      "{room",
      "{{room}}",
      "sealcast:{1001/12}:topic:é",
    ];
    for (const key of keys) {
      expect([key, hashSlotOf(key)]).toEqual([key, await client.sendCommand(["CLUSTER", "KEYSLOT", key])]);
    }
    expect(hashSlotOf("123456789")).toBe(0x31_c3);
  });
});
