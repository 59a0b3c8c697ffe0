import { SealcastError, type CountName } from "@sealcast/server-sdk";
import { printResult, table } from "../output.ts";
import { createApi } from "../target/create-api.ts";
import { resolveTarget, type TargetOptions } from "../target/resolve-target.ts";

/** Options of every command about channels. */
interface ChannelsOptions extends TargetOptions {
  readonly json?: boolean;
  readonly filterByPrefix?: string;
}

/** Prints the occupied channels. */
export async function listChannels(options: ChannelsOptions): Promise<void> {
  const api = await createApi(await resolveTarget(options));
  const prefix = options.filterByPrefix;
  const isPresence = prefix?.startsWith("presence-") === true;
  const query = prefix === undefined ? {} : { prefix };
  const counts = await withCounts((info) => api.channels({ ...query, info }), isPresence ? ["user_count"] : []);
  printResult(options.json, Object.fromEntries(counts), () =>
    counts.size === 0
      ? "No channel has subscribers.\n"
      : table(
          ["CHANNEL", "SUBSCRIPTIONS", "USERS"],
          [...counts].map(([name, { subscriptionCount, userCount }]) => [name, subscriptionCount, userCount]),
        ),
  );
}

/** Prints the state of one channel. */
export async function showChannel(channel: string, options: ChannelsOptions): Promise<void> {
  const api = await createApi(await resolveTarget(options));
  const isPresence = channel.startsWith("presence-");
  const state = await withCounts((info) => api.channel(channel, info), isPresence ? ["user_count"] : []);
  printResult(options.json, state, () =>
    table(
      ["FIELD", "VALUE"],
      Object.entries(state)
        .filter(([, value]) => value !== undefined)
        .map(([field, value]) => [field, JSON.stringify(value)]),
    ),
  );
}

/** Prints the ids of the users on a presence channel. */
export async function listMembers(channel: string, options: ChannelsOptions): Promise<void> {
  const api = await createApi(await resolveTarget(options));
  const users = await api.users(channel);
  printResult(options.json, users, () =>
    users.length === 0 ? "Nobody is on this channel.\n" : `${users.join("\n")}\n`,
  );
}

/** Asks for the counts of subscriptions, too, if the app has them enabled. */
async function withCounts<T>(
  query: (info: readonly CountName[]) => Promise<T>,
  always: readonly CountName[],
): Promise<T> {
  try {
    return await query([...always, "subscription_count"]);
  } catch (error) {
    if (error instanceof SealcastError && error.code === "bad-request") return query(always);
    throw error;
  }
}
