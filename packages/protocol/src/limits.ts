/**
 * The numbers of the Pusher Channels protocol. Those that an operator may raise are the defaults of a server option.
 * Source of each, unless a comment says otherwise: the public Channels documentation.
 */
export const limits = {
  /** Largest `data` of one event, in bytes of UTF-8. */
  eventDataBytes: 10_240,
  /** Highest `eventDataBytes` that an app may be given, in bytes. Our choice: 1 MiB. */
  eventDataBytesCeiling: 1_048_576,
  /** Longest event name, in characters. */
  eventNameLength: 200,
  /** Longest channel name, prefix included, in characters; official libraries accept up to `channelNameLengthCeiling`. */
  channelNameLength: 164,
  /** Longest channel name that any official library sends, in characters. */
  channelNameLengthCeiling: 200,
  /** Most channels of one publish. */
  channelsPerPublish: 100,
  /** Most events of one batch. */
  eventsPerBatch: 10,
  /** Most distinct users on one presence channel. */
  presenceMembers: 100,
  /** Longest user id in presence `channel_data`, in characters. */
  presenceUserIdLength: 128,
  /** Largest `user_info` of a presence member, in bytes of its JSON. */
  userInfoBytes: 1_024,
  /** Longest id of a signed-in user, in characters. Source: the official Go library. */
  userIdLength: 199,
  /** Most user ids that one connection can watch; further ones are ignored and answered with 4302. */
  watchlistLength: 100,
  /** Deepest nesting of a JSON value that the server writes again: data of client events, `user_info`. Our choice. */
  jsonDepth: 256,
  /** Deepest nesting of a JSON text that is read at all. Our choice. */
  jsonTextDepth: 512,
  /** Most client events of one connection in one second; further ones are dropped and answered with 4301. */
  clientEventsPerSecond: 10,
  /** Longest age of an event kept by a cache channel, in seconds. */
  cacheTtlSeconds: 1_800,
  /** Longest silence before a client must ping, in seconds: `activity_timeout` of the handshake. */
  activityTimeoutSeconds: 120,
  /** How long a server waits for an answer to its ping, in seconds. */
  pongTimeoutSeconds: 30,
  /** Up to this many subscribers, a channel's subscription count is announced at every change. */
  subscriptionCountEveryChangeUpTo: 100,
  /** Above that, how often it is announced at most, in seconds. */
  subscriptionCountIntervalSeconds: 5,
  /** Largest accepted distance between a request's `auth_timestamp` and the server's clock, in seconds (exclusive). */
  requestTimestampSkewSeconds: 600,
} as const;
