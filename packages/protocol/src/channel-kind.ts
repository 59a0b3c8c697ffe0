/** How the data of a channel's events is encrypted end to end. */
export type Encryption = "none" | "nacl-secretbox" | "sealed";

/** What a kind of channel is and can do. No other code compares prefixes. */
export interface ChannelTraits {
  /** Name of the kind, such as "private-cache". */
  readonly kind: string;
  /** Names of channels of this kind start with it. */
  readonly prefix: string;
  /** "signature": subscribing needs a signed `auth`. "owner": only the signed-in user whose id is in the name can subscribe. */
  readonly auth: "none" | "signature" | "owner";
  /** Has a list of members by user id. */
  readonly members: boolean;
  /** The scheme of its events. Everything but "none" has a row in `payloadProblem`'s table. */
  readonly encryption: Encryption;
  /** Keeps the last published event for later subscribers. */
  readonly cached: boolean;
  /** Relays client events. On encrypted kinds, their data must be an encrypted payload. */
  readonly clientEvents: boolean;
  /** Announces and reports how many connections are subscribed. */
  readonly subscriptionCount: boolean;
}

const plain = {
  auth: "none",
  members: false,
  encryption: "none",
  cached: false,
  clientEvents: false,
  subscriptionCount: true,
} as const;
const signed = { ...plain, auth: "signature", clientEvents: true } as const;
const encrypted = { ...signed, encryption: "nacl-secretbox" } as const;
const presence = { ...signed, members: true, subscriptionCount: false } as const;
const publicTraits = { kind: "public", prefix: "", ...plain } as const;

/** The prefix of the channels that carry events to one signed-in user. */
export const serverToUserPrefix = "#server-to-user-";

/** Every kind of channel. The first row whose prefix a name starts with is its kind. */
export const channelKinds = [
  { kind: "private-encrypted-cache", prefix: "private-encrypted-cache-", ...encrypted, cached: true },
  { kind: "private-encrypted", prefix: "private-encrypted-", ...encrypted },
  { kind: "private-cache-sealed", prefix: "private-cache-sealed-", ...signed, encryption: "sealed", cached: true },
  { kind: "private-sealed", prefix: "private-sealed-", ...signed, encryption: "sealed" },
  { kind: "presence-cache-sealed", prefix: "presence-cache-sealed-", ...presence, encryption: "sealed", cached: true },
  { kind: "presence-sealed", prefix: "presence-sealed-", ...presence, encryption: "sealed" },
  { kind: "private-cache", prefix: "private-cache-", ...signed, cached: true },
  { kind: "private", prefix: "private-", ...signed },
  { kind: "presence-cache", prefix: "presence-cache-", ...presence, cached: true },
  { kind: "presence", prefix: "presence-", ...presence },
  { kind: "cache", prefix: "cache-", ...plain, cached: true },
  { kind: "server-to-user", prefix: serverToUserPrefix, ...plain, auth: "owner", subscriptionCount: false },
  publicTraits,
] as const satisfies readonly ChannelTraits[];

/** Name of a kind of channel. */
export type ChannelKind = (typeof channelKinds)[number]["kind"];

/**
 * Returns the traits of a channel: those of the first kind whose prefix the name starts with. Never fails; a name without
 * a known prefix is public.
 *
 * @example
 * traitsOf("presence-room").members; // true
 * traitsOf("private-encrypted-orders").encryption; // "nacl-secretbox"
 */
export function traitsOf(channel: string): ChannelTraits & { readonly kind: ChannelKind } {
  return channelKinds.find((traits) => channel.startsWith(traits.prefix)) ?? publicTraits;
}
