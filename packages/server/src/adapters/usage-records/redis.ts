// cspell:ignore HINCRBY HGET HSET ipairs HKEYS HDEL HGETALL
import type { AppId } from "@sealcast/protocol";
import { firstKeptDay, keptDays, type UsageDay } from "../../core/monitoring/usage-day.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import type { UsageRecords } from "../../ports/usage-records.ts";

/** What Redis answers to a script. */
type Reply = string | number | null | readonly Reply[];

/** A Lua script that runs inside Redis. */
interface UsageScript {
  readonly name: string;
  readonly lua: string;
}

/** All that the records need of Redis. */
export interface UsageRedis {
  run(script: UsageScript, keys: readonly string[], args: readonly string[]): Promise<Reply>;
  close(): Promise<void>;
}

/** Of each row: app, day, messages, most connections, first day that is kept. Each app has a hash, with two fields a day. */
const addScript: UsageScript = {
  name: "usage-add",
  lua: `
local totals = {}
for index = 1, #ARGV, 5 do
  local key, day = KEYS[1] .. ARGV[index], ARGV[index + 1]
  totals[#totals + 1] = redis.call("HINCRBY", key, day .. ":messages", ARGV[index + 2])
  local peak = tonumber(redis.call("HGET", key, day .. ":connections") or "0")
  redis.call("HSET", key, day .. ":connections", math.max(peak, tonumber(ARGV[index + 3])))
  for _, field in ipairs(redis.call("HKEYS", key)) do
    if field < ARGV[index + 4] then redis.call("HDEL", key, field) end
  end
  redis.call("EXPIRE", key, ${(keptDays + 1) * 86_400})
end
return totals`,
};

const daysScript: UsageScript = { name: "usage-days", lua: `return redis.call("HGETALL", KEYS[1] .. ARGV[1])` };

/** Keeps in Redis what apps used, for all processes of a cluster. Connects when it is first used, and again after a failure. */
export class RedisUsageRecords implements UsageRecords {
  readonly #connect: () => Promise<UsageRedis>;
  readonly #base: string;
  #redis: Promise<UsageRedis> | undefined;

  /**
   * @param connect opens a connection.
   * @param prefix begins every key.
   */
  constructor(connect: () => Promise<UsageRedis>, prefix: string) {
    this.#connect = connect;
    this.#base = `{${prefix}:usage}:`;
  }

  async add(rows: readonly UsageDay[]): Promise<readonly number[] | Unavailable> {
    const args = rows.flatMap(({ app, day, messages, peakConnections }) => [
      app,
      day,
      String(messages),
      String(peakConnections),
      firstKeptDay(day),
    ]);
    const reply = await this.#run(addScript, args);
    return reply === "unavailable" ? reply : reply.map(Number);
  }

  async days(app: AppId): Promise<readonly UsageDay[] | Unavailable> {
    const reply = await this.#run(daysScript, [app]);
    if (reply === "unavailable") return reply;
    const fields = new Map(reply.flatMap((name, at) => (at % 2 === 0 ? [[String(name), Number(reply[at + 1])]] : [])));
    const days = new Set([...fields.keys()].map((name) => name.slice(0, name.indexOf(":"))));
    return [...days]
      .toSorted((a, b) => (a < b ? 1 : -1))
      .map((day) => ({
        app,
        day,
        messages: fields.get(`${day}:messages`) ?? 0,
        peakConnections: fields.get(`${day}:connections`) ?? 0,
      }));
  }

  readonly close = async (): Promise<void> => {
    const redis = await this.#redis?.catch(() => undefined);
    await redis?.close();
  };

  async #run(script: UsageScript, args: readonly string[]): Promise<readonly Reply[] | Unavailable> {
    try {
      this.#redis ??= this.#connect();
      const redis = await this.#redis;
      const reply = await redis.run(script, [this.#base], args);
      return Array.isArray(reply) ? (reply as readonly Reply[]) : [];
    } catch {
      // A connection that was never made is made again next time; one that was lost comes back by itself.
      this.#redis?.catch(() => (this.#redis = undefined));
      return "unavailable";
    }
  }
}
