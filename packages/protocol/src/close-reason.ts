/** When a client can connect again after a close. */
export type Retry = "never" | "with-back-off" | "at-once";

/** Why the server closes a connection: the WebSocket close code, what it means and what to do. */
export interface CloseReason {
  /** Close code of WebSocket, 1000 to 4999. */
  readonly code: number;
  /** When a client can connect again. */
  readonly retry: Retry;
  /** Sent as the reason of the close frame. */
  readonly message: string;
  /** What the app's developer or the operator can do. */
  readonly fix: string;
}

/**
 * Every reason for which the server closes a connection. Source of the codes 4000–4202: the Channels protocol; the
 * range decides what clients do: 4000–4099 do not reconnect, 4100–4199 reconnect after a pause, 4200–4299 at once.
 *
 * @example
 * socket.close(closeReasons.appNotFound.code, closeReasons.appNotFound.message); // 4001
 */
export const closeReasons = {
  binaryMessage: {
    code: 1003,
    retry: "with-back-off",
    message: "Binary messages are not part of the protocol",
    fix: "Send JSON in text messages.",
  },
  invalidUtf8: { code: 1007, retry: "with-back-off", message: "Text must be UTF-8", fix: "Encode messages as UTF-8." },
  malformedFrame: {
    code: 1007,
    retry: "with-back-off",
    message: "Expected a JSON array of texts",
    fix: "Over SockJS, send each message as a text in a JSON array of at most 100.",
  },
  messageTooBig: {
    code: 1009,
    retry: "with-back-off",
    message: "Message too big",
    fix: "Send less, or raise the app's `maxEventBytes` or the server's `maxFrameBytes`.",
  },
  tlsRequired: {
    code: 4000,
    retry: "never",
    message: "This app accepts TLS connections only",
    fix: "Connect with wss:// (`forceTLS: true`).",
  },
  appNotFound: {
    code: 4001,
    retry: "never",
    message: "No app has this key",
    fix: "Compare the client's key with the server's list of apps.",
  },
  appDisabled: {
    code: 4003,
    retry: "never",
    message: "The app is disabled",
    fix: "Set `enabled` in the app's configuration.",
  },
  overConnectionQuota: {
    code: 4004,
    retry: "never",
    message: "The app has reached its connection quota",
    fix: "Raise the app's `maxConnections`, or find out what opens so many connections.",
  },
  pathNotFound: {
    code: 4005,
    retry: "never",
    message: "Path not found",
    fix: "Connect to /app/{key}; behind a proxy, check the path prefix.",
  },
  invalidVersion: {
    code: 4006,
    retry: "never",
    message: "Invalid protocol version: not a number",
    fix: "Send a whole number as `protocol`; 7 is the current version.",
  },
  unsupportedVersion: {
    code: 4007,
    retry: "never",
    message: "Unsupported protocol version",
    fix: "Use a client library that speaks version 4 to 7.",
  },
  noVersion: {
    code: 4008,
    retry: "never",
    message: "No protocol version supplied",
    fix: "Add `protocol=7` to the query of the WebSocket address.",
  },
  notAuthorizedInTime: {
    code: 4009,
    retry: "never",
    message: "Connection not authorized within timeout",
    fix: "Sign in or subscribe to a private channel at once, or turn the app's `authorizedConnections` off.",
  },
  originNotAllowed: {
    code: 4009,
    retry: "never",
    message: "Origin not allowed",
    fix: "Add the page's origin to the app's `allowedOrigins`.",
  },
  userTerminated: {
    code: 4009,
    retry: "never",
    message: "User connections terminated",
    fix: "None: the app's backend closed all connections of this user.",
  },
  overCapacity: {
    code: 4100,
    retry: "with-back-off",
    message: "Server is over capacity",
    fix: "Clients reconnect by themselves; give the process more memory or add processes.",
  },
  draining: {
    code: 4100,
    retry: "with-back-off",
    message: "Server is shutting down and accepts no new connections",
    fix: "None: clients reconnect by themselves, to another process or after the restart.",
  },
  slowConsumer: {
    code: 4101,
    retry: "with-back-off",
    message: "Connection reads too slowly",
    fix: "Publish less to this client, or raise `maxOutboxBytes`.",
  },
  tooManyMessages: {
    code: 4102,
    retry: "with-back-off",
    message: "Too many messages from this connection",
    fix: "Send less often, or raise `maxMessagesPerSecond`.",
  },
  closedByOperator: {
    code: 4103,
    retry: "with-back-off",
    message: "An operator closed this connection",
    fix: "None: the client reconnects by itself. To keep a user out, terminate the user's connections and refuse to authorize them.",
  },
  pathNotReceived: {
    code: 4104,
    retry: "with-back-off",
    message: "Path not received in time",
    fix: "None: over SockJS, clients send the path at once, and reconnect by themselves. On very slow networks, raise `handshakeTimeoutSeconds`.",
  },
  shuttingDown: { code: 4200, retry: "at-once", message: "Server is shutting down", fix: "None: clients reconnect." },
  appRenamed: {
    code: 4200,
    retry: "at-once",
    message: "The app has another id now",
    fix: "None: clients reconnect with the key that they have.",
  },
  pongNotReceived: {
    code: 4201,
    retry: "at-once",
    message: "Pong not received in time",
    fix: "None: the client or its network was unreachable; the client reconnects.",
  },
  inactive: {
    code: 4202,
    retry: "at-once",
    message: "Closed after inactivity",
    fix: "None: a client that cannot answer pings was silent for a day; it reconnects.",
  },
} as const satisfies Record<string, CloseReason>;
