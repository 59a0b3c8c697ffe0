/** How the data of a channel's events is encrypted end to end. */
export type Encryption = "none" | "nacl-secretbox" | "sealed";

/** What a kind of channel is and may do. Nothing else in the code looks at a prefix. */
export interface ChannelTraits {
  readonly kind: string;
  readonly prefix: string;
  /** "signature": a signed `auth` is needed; "owner": only the user signed in under the id in the name may join. */
  readonly auth: "none" | "signature" | "owner";
  /** Keeps a list of members by user id. */
  readonly members: boolean;
  /** The scheme of its events. Everything but "none" has a row in `payloadProblem`'s table. */
  readonly encryption: Encryption;
  /** Keeps the last published event for later subscribers. */
  readonly cached: boolean;
  /** Relays client events; on encrypted kinds only those whose data is an encrypted payload. */
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

/** Every kind of channel, tested in this order against the start of a name. */
export const channelKinds = [
  { kind: "private-encrypted-cache", prefix: "private-encrypted-cache-", ...encrypted, cached: true },
  { kind: "private-encrypted", prefix: "private-encrypted-", ...encrypted },
  { kind: "private-cache", prefix: "private-cache-", ...signed, cached: true },
  { kind: "private", prefix: "private-", ...signed },
  { kind: "presence-cache", prefix: "presence-cache-", ...presence, cached: true },
  { kind: "presence", prefix: "presence-", ...presence },
  { kind: "cache", prefix: "cache-", ...plain, cached: true },
  { kind: "server-to-user", prefix: "#server-to-user-", ...plain, auth: "owner", subscriptionCount: false },
  publicTraits,
] as const satisfies readonly ChannelTraits[];

/** Name of a kind of channel. */
export type ChannelKind = (typeof channelKinds)[number]["kind"];

/** The traits of the channel with this name: those of the first kind whose prefix it has. */
export function traitsOf(channel: string): ChannelTraits & { readonly kind: ChannelKind } {
  return channelKinds.find((traits) => channel.startsWith(traits.prefix)) ?? publicTraits;
}
