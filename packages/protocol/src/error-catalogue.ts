/** One kind of refusal: how it is numbered on each wire, what it means and what to do. */
export interface ErrorRow {
  /** `code` of the `pusher:error` event; the protocol numbers only 4301 and 4302, all others are null. */
  readonly code: number | null;
  /** HTTP status of the same refusal on the HTTP API, and `status` of `pusher:subscription_error`. */
  readonly status: number;
  /** "after-fix": the same request fails again; "later": it may succeed unchanged. */
  readonly retry: "after-fix" | "later";
  readonly meaning: string;
  readonly fix: string;
}

/** Every refusal that leaves a connection open, and every refused HTTP request. */
export const errorCatalogue = {
  malformedMessage: {
    code: null,
    status: 400,
    retry: "after-fix",
    meaning: "A message is not JSON, or not an object with a text `event` and the fields of its kind.",
    fix: "Send one JSON object per message, as `PROTOCOL.md` describes under Frames.",
  },
  unsupportedEvent: {
    code: null,
    status: 400,
    retry: "after-fix",
    meaning: "A client sent an event that only the service sends, or that does not exist.",
    fix: "Prefix the app's own events with `client-`.",
  },
  invalidChannelName: {
    code: null,
    status: 400,
    retry: "after-fix",
    meaning: "A channel name is empty, too long, or has a character that is not allowed.",
    fix: "Use A-Z a-z 0-9 _ - = @ , . ; and at most 164 characters.",
  },
  invalidEventName: {
    code: null,
    status: 400,
    retry: "after-fix",
    meaning: "An event name is empty, not text, or too long.",
    fix: "Use at most 200 characters.",
  },
  reservedEventName: {
    code: null,
    status: 400,
    retry: "after-fix",
    meaning: "A publisher used a name that starts with `pusher:` or `pusher_internal:`.",
    fix: "Choose another prefix: these two belong to the service.",
  },
  invalidSocketId: {
    code: null,
    status: 400,
    retry: "after-fix",
    meaning: "A socket id is not two numbers joined by a dot.",
    fix: "Send `connection.socket_id` of the client unchanged.",
  },
  invalidUserId: {
    code: null,
    status: 400,
    retry: "after-fix",
    meaning: "A user id is empty, too long, or has a character that is not allowed.",
    fix: "Use text of 1 to 199 characters out of those of a channel name.",
  },
  invalidChannelData: {
    code: null,
    status: 400,
    retry: "after-fix",
    meaning: "`channel_data` of a presence subscription is missing, not JSON, or without a usable `user_id`.",
    fix: "Return `channel_data` with a `user_id` from the auth endpoint, or sign the user in first.",
  },
  memberTooLarge: {
    code: null,
    status: 413,
    retry: "after-fix",
    meaning: "A presence member's `user_info` is larger than the app allows.",
    fix: "Send less, or raise the app's `maxMemberBytes`.",
  },
  presenceFull: {
    code: null,
    status: 403,
    retry: "later",
    meaning: "A presence channel holds as many members as the app allows.",
    fix: "Raise the app's `maxPresenceMembers`, or use a private channel.",
  },
  invalidUserData: {
    code: null,
    status: 400,
    retry: "after-fix",
    meaning: "`user_data` of a sign-in is not JSON, or without a usable `id`.",
    fix: "Return `user_data` with a text `id` from the user-auth endpoint.",
  },
  otherUserSignedIn: {
    code: null,
    status: 409,
    retry: "after-fix",
    meaning: "A connection that is signed in as one user tried to sign in as another.",
    fix: "Reconnect before signing in as another user.",
  },
  invalidSignature: {
    code: null,
    status: 401,
    retry: "after-fix",
    meaning: "A signature does not match what was to be signed.",
    fix: "Check that the auth endpoint uses this app's secret and the socket id it was given.",
  },
  invalidKey: {
    code: null,
    status: 401,
    retry: "after-fix",
    meaning: "The key in front of a signature belongs to no active key of this app.",
    fix: "Compare the auth endpoint's key with the client's.",
  },
  notOwner: {
    code: null,
    status: 403,
    retry: "after-fix",
    meaning: "A connection asked for the server-to-user channel of another user, or before signing in.",
    fix: "Call `signin()`; the client library joins the channel by itself.",
  },
  alreadySubscribed: {
    code: null,
    status: 409,
    retry: "after-fix",
    meaning: "The connection is subscribed to this channel; the subscription stays.",
    fix: "Subscribe once per connection and channel.",
  },
  notSubscribed: {
    code: null,
    status: 409,
    retry: "after-fix",
    meaning: "The connection is not subscribed to this channel.",
    fix: "Wait for `pusher:subscription_succeeded` first.",
  },
  tooManySubscriptions: {
    code: null,
    status: 403,
    retry: "after-fix",
    meaning: "A connection holds as many subscriptions as the server allows.",
    fix: "Unsubscribe from channels that are no longer shown, or raise `maxSubscriptionsPerConnection`.",
  },
  clientEventsDisabled: {
    code: null,
    status: 403,
    retry: "after-fix",
    meaning: "The app does not allow client events.",
    fix: "Set the app's `clientEvents`.",
  },
  clientEventNotAllowed: {
    code: null,
    status: 403,
    retry: "after-fix",
    meaning: "Client events exist only on private and presence channels.",
    fix: "Use a channel that starts with `private-` or `presence-`.",
  },
  clientEventRateLimited: {
    code: 4301,
    status: 429,
    retry: "later",
    meaning: "A connection sent more client events in one second than the app allows; this one was dropped.",
    fix: "Send less often (throttle pointer moves), or raise the app's `clientEventsPerSecond`.",
  },
  watchlistTooLong: {
    code: 4302,
    status: 400,
    retry: "after-fix",
    meaning: "A watchlist names more than 100 users; the first 100 are watched.",
    fix: "Shorten the watchlist.",
  },
  notEncrypted: {
    code: null,
    status: 400,
    retry: "after-fix",
    meaning: "Data for an encrypted channel is not an encrypted payload; it was refused so that no plaintext passes.",
    fix: "Give the server library its encryption master key; publish to `private-encrypted-` channels only through it.",
  },
  notSealed: {
    code: null,
    status: 400,
    retry: "after-fix",
    meaning: "Data for a sealed channel is not a sealed envelope that fits the event; the app has `requireSealed` on.",
    fix: "Publish to sealed channels through a library that seals, or turn `requireSealed` off.",
  },
  dataTooLarge: {
    code: null,
    status: 413,
    retry: "after-fix",
    meaning: "The data of an event is larger than the app allows.",
    fix: "Send less, or raise the app's `maxEventBytes`.",
  },
  bodyTooLarge: {
    code: null,
    status: 413,
    retry: "after-fix",
    meaning: "The body of an HTTP request is larger than any valid request of this app.",
    fix: "Split the request.",
  },
  missingParameter: {
    code: null,
    status: 400,
    retry: "after-fix",
    meaning: "A required parameter is missing.",
    fix: "See the endpoint's rules in `PROTOCOL.md` under HTTP API.",
  },
  invalidParameter: {
    code: null,
    status: 400,
    retry: "after-fix",
    meaning: "A parameter has the wrong type or a value that does not fit the channel.",
    fix: "See the endpoint's rules in `PROTOCOL.md` under HTTP API.",
  },
  tooManyChannels: {
    code: null,
    status: 400,
    retry: "after-fix",
    meaning: "One publish names more than 100 channels.",
    fix: "Split the publish.",
  },
  batchTooLarge: {
    code: null,
    status: 400,
    retry: "after-fix",
    meaning: "One batch holds more than 10 events.",
    fix: "Split the batch.",
  },
  unauthenticated: {
    code: null,
    status: 401,
    retry: "after-fix",
    meaning: "An HTTP API request is not signed as it must be.",
    fix: "Use a server library with the app's key and secret, and keep the clock right.",
  },
  appIsDisabled: {
    code: null,
    status: 403,
    retry: "after-fix",
    meaning: "The app is disabled.",
    fix: "Set `enabled` in the app's configuration.",
  },
  appUnknown: {
    code: null,
    status: 404,
    retry: "after-fix",
    meaning: "No app has this id.",
    fix: "Compare the id with the server's list of apps.",
  },
  notFound: {
    code: null,
    status: 404,
    retry: "after-fix",
    meaning: "The server has nothing at this path.",
    fix: "Check host, port and path prefix.",
  },
  methodNotAllowed: {
    code: null,
    status: 405,
    retry: "after-fix",
    meaning: "The path exists, but not for this HTTP method.",
    fix: "Use the method that the `Allow` header names.",
  },
  rateLimited: {
    code: null,
    status: 429,
    retry: "later",
    meaning: "The app sends more requests than its `publishesPerSecond`.",
    fix: "Wait for `Retry-After`, send batches, or raise the limit.",
  },
  overMemory: {
    code: null,
    status: 503,
    retry: "later",
    meaning: "The process holds as much undelivered data as it may.",
    fix: "Wait for `Retry-After`; give the process more memory or add processes.",
  },
  internal: {
    code: null,
    status: 500,
    retry: "later",
    meaning: "The server failed in a way that it did not expect.",
    fix: "Look at the server's log.",
  },
} as const satisfies Record<string, ErrorRow>;

/** Names of the errors. */
export type ErrorId = keyof typeof errorCatalogue;
