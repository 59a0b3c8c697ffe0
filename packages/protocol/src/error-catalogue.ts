/** One kind of refusal: how it is numbered on each wire, what it means and what to do. */
export interface ErrorRow {
  /** `code` of the `pusher:error` event: 4301, 4302, or null. The protocol has no other numbers. */
  readonly code: number | null;
  /** HTTP status of the same refusal on the HTTP API, and `status` of `pusher:subscription_error`. */
  readonly status: number;
  /** "after-fix": the same request fails again. "later": the same request may succeed later. */
  readonly retry: "after-fix" | "later";
  /** What is wrong, in one sentence. */
  readonly meaning: string;
  /** What the app's developer or the operator can do. */
  readonly fix: string;
}

/**
 * Every refusal that leaves a connection open, and every refused HTTP request.
 *
 * @example
 * const parsed = parseChannelName(name);
 * if (!parsed.ok) console.log(parsed.error.message, errorCatalogue[parsed.error.id].fix);
 */
export const errorCatalogue = {
  malformedMessage: row(
    400,
    "A message is not JSON, or not an object with a text `event` and the fields of its kind.",
    "Send one JSON object per message, as `PROTOCOL.md` describes under Frames.",
  ),
  unsupportedEvent: row(
    400,
    "A client sent an event that only the service sends, or that does not exist.",
    "Prefix the app's own events with `client-`.",
  ),
  invalidChannelName: row(
    400,
    "A channel name is empty, too long, or has a character that is not allowed.",
    "Use A-Z a-z 0-9 _ - = @ , . ; and at most 164 characters.",
  ),
  invalidEventName: row(400, "An event name is empty, not text, or too long.", "Use at most 200 characters."),
  reservedEventName: row(
    400,
    "A publisher used a name that starts with `pusher:` or `pusher_internal:`.",
    "Choose another prefix: these two belong to the service.",
  ),
  invalidSocketId: row(
    400,
    "A socket id is not two numbers joined by a dot.",
    "Send `connection.socket_id` of the client unchanged.",
  ),
  invalidUserId: row(
    400,
    "A user id is empty, too long, or has a character that is not allowed.",
    "Use text of 1 to 199 characters out of those of a channel name.",
  ),
  invalidChannelData: row(
    400,
    "`channel_data` of a presence subscription is missing, not JSON, or without a usable `user_id`.",
    "Return `channel_data` with a `user_id` from the auth endpoint, or sign the user in first.",
  ),
  memberTooLarge: row(
    413,
    "A presence member's `user_info` is larger than the app allows.",
    "Send less, or raise the app's `maxMemberBytes`.",
  ),
  presenceFull: row(
    403,
    "A presence channel holds as many members as the app allows.",
    "Raise the app's `maxPresenceMembers`, or lower its `maxMemberBytes` if the list could be longer than 10 MiB; or use a private channel.",
    { retry: "later" },
  ),
  invalidUserData: row(
    400,
    "`user_data` of a sign-in is not JSON, or without a usable `id`.",
    "Return `user_data` with a text `id` from the user-auth endpoint.",
  ),
  otherUserSignedIn: row(
    409,
    "A connection that is signed in as one user tried to sign in as another.",
    "Reconnect before signing in as another user.",
  ),
  invalidSignature: row(
    401,
    "A signature does not match what was to be signed.",
    "Check that the auth endpoint uses this app's secret and the socket id it was given.",
  ),
  invalidKey: row(
    401,
    "The key in front of a signature belongs to no active key of this app.",
    "Compare the auth endpoint's key with the client's.",
  ),
  notOwner: row(
    403,
    "A connection asked for the server-to-user channel of another user, or before signing in.",
    "Call `signin()`; the client library joins the channel by itself.",
  ),
  alreadySubscribed: row(
    409,
    "The connection is subscribed to this channel; the subscription stays.",
    "Subscribe once per connection and channel.",
  ),
  notSubscribed: row(
    409,
    "The connection is not subscribed to this channel.",
    "Wait for `pusher:subscription_succeeded` first.",
  ),
  tooManySubscriptions: row(
    403,
    "A connection holds as many subscriptions as the server allows.",
    "Unsubscribe from channels that are no longer shown, or raise `maxSubscriptionsPerConnection`.",
  ),
  clientEventsDisabled: row(403, "The app does not allow client events.", "Set the app's `clientEvents`."),
  clientEventNotAllowed: row(
    403,
    "Client events exist only on private and presence channels.",
    "Use a channel that starts with `private-` or `presence-`.",
  ),
  clientEventRateLimited: row(
    429,
    "A connection sent more client events in one second than the app allows; this one was dropped.",
    "Send less often (throttle pointer moves), or raise the app's `clientEventsPerSecond`.",
    { code: 4301, retry: "later" },
  ),
  watchlistTooLong: row(
    400,
    "A watchlist names more than 100 users; the first 100 are watched.",
    "Shorten the watchlist.",
    { code: 4302 },
  ),
  notEncrypted: row(
    400,
    "Data for an encrypted channel is not an encrypted payload; it was refused so that no plaintext passes.",
    "Give the server library its encryption master key; publish to `private-encrypted-` channels only through it.",
  ),
  notSealed: row(
    400,
    "Data for a sealed channel is not a sealed envelope that fits the event; the app has `requireSealed` on.",
    "Publish to sealed channels through a library that seals, or turn `requireSealed` off.",
  ),
  dataTooLarge: row(
    413,
    "The data of an event is larger than the app allows.",
    "Send less, or raise the app's `maxEventBytes`.",
  ),
  bodyTooLarge: row(
    413,
    "The body of an HTTP request is larger than any valid request of this app.",
    "Split the request.",
  ),
  missingParameter: row(
    400,
    "A required parameter is missing.",
    "See the endpoint's rules in `PROTOCOL.md` under HTTP API.",
  ),
  invalidParameter: row(
    400,
    "A parameter has the wrong type or a value that does not fit the channel.",
    "See the endpoint's rules in `PROTOCOL.md` under HTTP API.",
  ),
  tooManyChannels: row(400, "One publish names more than 100 channels.", "Split the publish."),
  batchTooLarge: row(400, "One batch holds more than 10 events.", "Split the batch."),
  unauthenticated: row(
    401,
    "An HTTP API request is not signed as it must be.",
    "Use a server library with the app's key and secret, and keep the clock right.",
  ),
  tlsRequired: row(
    403,
    "A request came over a plain connection, and the app has `forceTls` on.",
    "Use https. If a proxy ends TLS: let it set `X-Forwarded-Proto`, and name it in `trustedProxies`.",
  ),
  adminTokenInvalid: row(
    401,
    "A request to the admin API does not carry the server's `adminToken`.",
    "Send `Authorization: Bearer` and the token.",
  ),
  metricsTokenInvalid: row(
    401,
    "A request for the metrics does not carry the server's `metricsToken`.",
    "Send `Authorization: Bearer` and the token.",
  ),
  invalidPath: row(
    400,
    "The path of a request has dot segments or backslashes, which programs understand differently.",
    "Send the path that is meant.",
  ),
  unsupportedEncoding: row(
    415,
    "The body of a request is compressed.",
    "Send it without `Content-Encoding`; turn compression of requests off in the HTTP client or proxy.",
  ),
  upgradeRequired: row(
    426,
    "A path for WebSocket connections got a request that does not ask for WebSocket.",
    "Connect with a WebSocket client. Behind a proxy: let it pass the headers `Upgrade` and `Connection` on.",
  ),
  webSocketVersion: row(
    426,
    "A handshake asks for another version of WebSocket than 13.",
    "Use a client that speaks RFC 6455.",
  ),
  webSocketHandshake: row(
    400,
    "A handshake is not a GET request, or has no valid `Sec-WebSocket-Key`.",
    "Use a WebSocket client; look at what proxies change.",
  ),
  appIsDisabled: row(403, "The app is disabled.", "Set `enabled` in the app's configuration."),
  appUnknown: row(404, "No app has this id.", "Compare the id with the server's list of apps."),
  notFound: row(404, "The server has nothing at this path.", "Check host, port and path prefix."),
  methodNotAllowed: row(
    405,
    "The path exists, but not for this HTTP method.",
    "Use the method that the `Allow` header names.",
  ),
  nameTaken: row(
    409,
    "An app cannot have an id or a key that another app has or had.",
    "Choose another one, or leave it out: the server makes one.",
  ),
  keyLimit: row(
    409,
    "An app has at least one live key and at most 20.",
    "Add a key before you retire the last one, or retire one first.",
  ),
  appsNotEditable: row(
    409,
    "The apps come from the configuration, so the admin API cannot change them.",
    "Edit the configuration file, or keep the apps in a database (`appDatabase`).",
  ),
  rateLimited: row(
    429,
    "The app sends more requests than its `publishesPerSecond`.",
    "Wait for `Retry-After`, send batches, or raise the limit.",
    { retry: "later" },
  ),
  quotaExceeded: row(
    429,
    "The app has used its `messagesPerDay`.",
    "Wait for `Retry-After`, which is the next day in UTC, or raise the limit.",
    { code: 4301, retry: "later" },
  ),
  overMemory: row(
    503,
    "The process holds as much undelivered data as it may.",
    "Wait for `Retry-After`; give the process more memory or add processes.",
    { retry: "later" },
  ),
  databaseUnavailable: row(
    503,
    "The process cannot reach the database of the apps.",
    "Wait for `Retry-After`; look at the server's log and at the database.",
    { retry: "later" },
  ),
  engineUnavailable: row(
    503,
    "The process cannot reach what the processes of its cluster share.",
    "Wait for `Retry-After`; look at the server's log and at the engine.",
    { retry: "later" },
  ),
  internal: row(500, "The server failed in a way that it did not expect.", "Look at the server's log.", {
    retry: "later",
  }),
} as const satisfies Record<string, ErrorRow>;

/** Names of the errors. */
export type ErrorId = keyof typeof errorCatalogue;

/** Builds a row. Unless `special` says otherwise, the wire has no code for the error and a retry needs a fix. */
function row(
  status: number,
  meaning: string,
  fix: string,
  special: Partial<Pick<ErrorRow, "code" | "retry">> = {},
): ErrorRow {
  return { code: null, retry: "after-fix", ...special, status, meaning, fix };
}
