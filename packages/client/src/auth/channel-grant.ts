import { fieldsOf, textOf } from "../untrusted.ts";

/** Permission to join one channel, from the answer of an endpoint. */
export interface ChannelGrant {
  readonly auth: string;
  readonly channelData?: string | undefined;
  /** Keys of an encrypted channel as base64, the key to encrypt with first. Empty on other channels. */
  readonly secrets: readonly string[];
  /** The field `e2e` with the keys of a sealed channel. */
  readonly e2e?: unknown;
  /** When to ask for new keys, in milliseconds; undefined: only when an event cannot be decrypted. */
  readonly refreshMs?: number | undefined;
  /** Time until publishers change to the next key, in milliseconds; undefined if the next change is not planned yet. */
  readonly switchMs?: number | undefined;
  /** How long the grant can be used again on the same connection, in milliseconds; undefined: only once. */
  readonly ttlMs?: number | undefined;
  /** Presence channels: the id of this client's member. Added by the channel. */
  readonly memberId?: string | undefined;
}

/** Base64 of 32 bytes. The padding may be missing, as in answers of the Java server library. */
const secretPattern = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=?$/;

/** Reads the answer for one channel. Returns undefined if it grants nothing. Leaves out keys that are not valid. */
export function parseChannelGrant(answer: unknown): ChannelGrant | undefined {
  const { auth, channel_data: channelData, shared_secret, e2e, ttl_ms } = fieldsOf(answer);
  const { v, secrets = shared_secret, refresh_ms, switch_ms } = fieldsOf(e2e);
  if (typeof auth !== "string") return undefined;
  return {
    auth,
    channelData: typeof channelData === "string" ? channelData : undefined,
    secrets: [secrets].flat().filter((text): text is string => secretPattern.test(textOf(text))),
    ...(v === 2 ? { e2e } : {}),
    refreshMs: duration(refresh_ms),
    switchMs: duration(switch_ms),
    ttlMs: duration(ttl_ms),
  };
}

function duration(value: unknown): number | undefined {
  return typeof value === "number" && value > 0 ? value : undefined;
}
