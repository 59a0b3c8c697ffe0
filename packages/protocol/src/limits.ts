/**
 * The limits of the Pusher Channels protocol. Limits that an operator can raise are the defaults of server options.
 * Source, unless a comment names another one: the public Channels documentation.
 */
export const limits = {
  /** Largest `data` of one event, in bytes of UTF-8. */
  eventDataBytes: 10_240,
  /** Highest `eventDataBytes` that an app can have, in bytes. Our choice: 1 MiB. */
  eventDataBytesCeiling: 1_048_576,
  /** Longest event name, in characters. */
  eventNameLength: 200,
  /** Longest channel name, prefix included, in characters. Official libraries accept up to `channelNameLengthCeiling`. */
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
  /** Most user ids that one connection can watch. The server ignores further ones and answers with error 4302. */
  watchlistLength: 100,
  /** Deepest nesting of a JSON text that the server parses. Our choice. */
  jsonTextDepth: 512,
  /** Most client events of one connection in one second. The server drops further ones and answers with error 4301. */
  clientEventsPerSecond: 10,
  /** Longest time that a cache channel keeps its last event, in seconds. */
  cacheTtlSeconds: 1_800,
  /** A client that has received nothing for this long sends a ping, in seconds: `activity_timeout` of the handshake. */
  activityTimeoutSeconds: 120,
  /** How long a server waits for an answer to its ping, in seconds. */
  pongTimeoutSeconds: 30,
  /** Up to this many subscribers, the server announces every change of a channel's subscription count. */
  subscriptionCountEveryChangeUpTo: 100,
  /** Above that, the shortest time between two announcements, in seconds. */
  subscriptionCountIntervalSeconds: 5,
  /** Largest accepted difference between a request's `auth_timestamp` and the server's clock, in seconds (exclusive). */
  requestTimestampSkewSeconds: 600,
} as const;
