import { fieldsOf, textOf } from "../fields-of.ts";

/** Permission to join one channel, read from the answer of an endpoint. */
export interface ChannelGrant {
  readonly auth: string;
  readonly channelData?: string | undefined;
  /** Keys of an encrypted channel as base64, the one to seal with first. Empty on other channels. */
  readonly secrets: readonly string[];
  /** In how many milliseconds to ask for new keys; undefined: not before there is a reason. */
  readonly refreshMs?: number | undefined;
  /** For how many milliseconds the grant may be used again on the same connection; undefined: only once. */
  readonly ttlMs?: number | undefined;
}

/** Base64 of 32 bytes; the padding may be missing, as the Java server library sends it. */
const secretPattern = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=?$/;

/** Reads the answer for one channel; undefined where it grants nothing. Keys that are none are left out. */
export function parseChannelGrant(answer: unknown): ChannelGrant | undefined {
  const { auth, channel_data: channelData, shared_secret, e2e, ttl_ms } = fieldsOf(answer);
  const { secrets = shared_secret, refresh_ms } = fieldsOf(e2e);
  if (typeof auth !== "string") return undefined;
  return {
    auth,
    channelData: typeof channelData === "string" ? channelData : undefined,
    secrets: [secrets].flat().filter((text): text is string => secretPattern.test(textOf(text))),
    refreshMs: duration(refresh_ms),
    ttlMs: duration(ttl_ms),
  };
}

function duration(value: unknown): number | undefined {
  return typeof value === "number" && value > 0 ? value : undefined;
}
