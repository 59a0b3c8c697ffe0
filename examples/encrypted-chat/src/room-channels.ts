/** How the room is encrypted end to end: encrypted channels, which every Pusher client can read, or sealed channels. */
export type Scheme = "encrypted" | "sealed";

/** The channels of the room. */
export interface RoomChannels {
  /** The messages. */
  readonly room: string;
  /** A cache channel that keeps the latest messages. */
  readonly history: string;
  /** A presence channel: who is here, and who is typing. Encrypted channels have no members, so that one is plain. */
  readonly people: string;
}

/** The channels of the room with each encryption. Their prefixes are all that decides. */
export const channelsOf: Readonly<Record<Scheme, RoomChannels>> = {
  encrypted: {
    room: "private-encrypted-lobby",
    history: "private-encrypted-cache-lobby",
    people: "presence-lobby",
  },
  sealed: {
    room: "private-sealed-lobby",
    history: "private-cache-sealed-lobby",
    people: "presence-sealed-lobby",
  },
};

/** Reads the scheme from the query of a page's address: `?scheme=sealed`. */
export function schemeIn(query: string): Scheme {
  return new URLSearchParams(query).get("scheme") === "sealed" ? "sealed" : "encrypted";
}
