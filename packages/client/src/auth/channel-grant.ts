import { ownProperties } from "@sealcast/protocol";

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
  const fields = ownProperties(answer);
  const auth = fields?.get("auth");
  if (typeof auth !== "string") return undefined;
  const channelData = fields?.get("channel_data");
  const endToEnd = ownProperties(fields?.get("e2e"));
  const secrets = [endToEnd?.get("secrets") ?? fields?.get("shared_secret")].flat();
  return {
    auth,
    channelData: typeof channelData === "string" ? channelData : undefined,
    secrets: secrets.filter((value): value is string => typeof value === "string" && secretPattern.test(value)),
    refreshMs: duration(endToEnd?.get("refresh_ms")),
    ttlMs: duration(fields?.get("ttl_ms")),
  };
}

function duration(value: unknown): number | undefined {
  return typeof value === "number" && value > 0 ? value : undefined;
}
