import { ownProperties } from "@sealcast/protocol";
import type { Api } from "./api.ts";
import { isEncryptedChannel, type Encryption } from "./encryption.ts";
import { checkInfo } from "./arguments.ts";
import { checkChannelName } from "./names.ts";
import { checkOptionNames } from "./option-names.ts";
import { SealcastError } from "./sealcast-error.ts";

/** What the server counts on a channel: users on presence channels, connections on all others. */
export type CountName = "user_count" | "subscription_count";

/** What the server can tell about one channel. */
export type ChannelInfo = CountName | "cache";

/** Counts of a channel. Fields that were not asked for, or do not apply to this kind of channel, are undefined. */
export interface ChannelCounts {
  readonly userCount: number | undefined;
  readonly subscriptionCount: number | undefined;
}

/** The last event of a cache channel. */
export interface CachedEvent {
  readonly data: string;
  readonly ttlSeconds: number;
  /** `none`: the channel is not encrypted; `opened`: `data` is the decrypted text; `unreadable`: no key of the ring decrypts it, and `data` is as the server sent it. */
  readonly encryption: "none" | "opened" | "unreadable";
}

/** State of one channel. */
export interface ChannelState extends ChannelCounts {
  readonly occupied: boolean;
  /** Undefined if the channel has no cached event, or `cache` was not asked for. */
  readonly cache: CachedEvent | undefined;
}

/** Returns the occupied channels by name; with a prefix, only those whose names start with it. */
export async function queryChannels(
  api: Api,
  query: { readonly prefix?: string; readonly info?: readonly CountName[] },
): Promise<ReadonlyMap<string, ChannelCounts>> {
  checkOptionNames("channels", query, ["prefix", "info"], { filter_by_prefix: "prefix" });
  const { prefix, info } = query;
  if (info !== undefined) checkInfo(info, ["user_count", "subscription_count"]);
  if (prefix !== undefined) checkChannelName(prefix);
  const answer = await get(api, "/channels", {
    ...(prefix === undefined ? {} : { filter_by_prefix: prefix }),
    ...infoParam(info),
  });
  const channels = ownProperties(answer.get("channels"));
  if (channels === undefined) throw unexpected("channels");
  return new Map(
    [...channels].map(([name, fields]) => [name, countsOf(ownProperties(fields) ?? new Map<string, unknown>())]),
  );
}

/** Returns the state of one channel, occupied or not. The cached event of an encrypted channel is decrypted. */
export async function queryChannel(
  api: Api,
  encryption: Encryption | undefined,
  channel: string,
  info: readonly ChannelInfo[] = [],
): Promise<ChannelState> {
  checkChannelName(channel);
  checkInfo(info, ["user_count", "subscription_count", "cache"]);
  const answer = await get(api, `/channels/${channel}`, infoParam(info));
  const occupied = answer.get("occupied");
  if (typeof occupied !== "boolean") throw unexpected("occupied");
  return { occupied, ...countsOf(answer), cache: cachedEvent(channel, answer.get("cache"), encryption) };
}

/** Returns the `data` of the cached event as it was published; undefined if there is none. */
export async function queryCachedData(api: Api, channel: string): Promise<string | undefined> {
  checkChannelName(channel);
  const answer = await get(api, `/channels/${channel}`, infoParam(["cache"]));
  const data = ownProperties(answer.get("cache"))?.get("data");
  return typeof data === "string" ? data : undefined;
}

/** Returns the ids of the users on a presence channel. */
export async function queryUsers(api: Api, channel: string): Promise<readonly string[]> {
  checkChannelName(channel);
  const users = (await get(api, `/channels/${channel}/users`, {})).get("users");
  if (!Array.isArray(users)) throw unexpected("users");
  return users.map((user) => String(ownProperties(user)?.get("id")));
}

function cachedEvent(channel: string, value: unknown, encryption: Encryption | undefined): CachedEvent | undefined {
  const fields = ownProperties(value);
  const data = fields?.get("data");
  if (typeof data !== "string") return undefined;
  const ttlSeconds = Number(fields?.get("ttl"));
  if (!isEncryptedChannel(channel)) return { data, ttlSeconds, encryption: "none" };
  const opened = encryption?.open(channel, data);
  return opened?.ok === true
    ? { data: opened.plaintext.text, ttlSeconds, encryption: "opened" }
    : { data, ttlSeconds, encryption: "unreadable" };
}

/** Reads the counts of a channel from the fields of an answer. */
export function countsOf(fields: ReadonlyMap<string, unknown>): ChannelCounts {
  return {
    userCount: numberOrUndefined(fields.get("user_count")),
    subscriptionCount: numberOrUndefined(fields.get("subscription_count")),
  };
}

async function get(api: Api, resource: string, params: Record<string, string>): Promise<ReadonlyMap<string, unknown>> {
  const answer = ownProperties(await api.sendForJson({ method: "GET", resource, params, idempotent: true }));
  if (answer === undefined) throw new SealcastError("unexpected-answer", "The server's answer is not a JSON object");
  return answer;
}

function infoParam(info: readonly ChannelInfo[] = []): Record<string, string> {
  return info.length === 0 ? {} : { info: info.join(",") };
}

function numberOrUndefined(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function unexpected(field: string): SealcastError {
  return new SealcastError("unexpected-answer", `The server's answer has no usable \`${field}\``);
}
