/** Limits that hold for the whole process, whichever app a connection belongs to. Each is a row of the options. */
export interface ServerLimits {
  /** `activity_timeout` of the handshake, and the silence after which the server pings, in seconds. */
  readonly activityTimeoutSeconds: number;
  /** How long the server waits for an answer to its ping before it closes with 4201, in seconds. */
  readonly pongTimeoutSeconds: number;
  /** How long a client may take to send the head and body of an HTTP request or upgrade, in seconds. */
  readonly handshakeTimeoutSeconds: number;
  /** How long an unauthorized connection of an app with `authorizedConnections` may live, in seconds. */
  readonly authorizationTimeoutSeconds: number;
  /** Largest message from a client, in bytes; larger ones close with 1009. 0: the largest `maxEventBytes` plus 4 KiB. */
  readonly maxFrameBytes: number;
  /** Most channels of one connection. */
  readonly maxSubscriptionsPerConnection: number;
  /** Messages of one connection in one second, of any kind; more close it with 4102. 0: no limit. */
  readonly maxMessagesPerSecond: number;
  /** Bytes that wait for one connection before it is closed as a slow consumer (4101). */
  readonly maxOutboxBytes: number;
  /** Undelivered bytes of all connections together; above it, publishes get 503 and new connections 4100. */
  readonly maxBufferedBytes: number;
  /** Offer permessage-deflate to clients: fewer bytes, much more CPU and memory. */
  readonly compression: boolean;
  /** Over how many seconds a draining server spreads its closes. */
  readonly drainSeconds: number;
}
