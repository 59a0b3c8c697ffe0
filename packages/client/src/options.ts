import { WebSocket } from "#websocket";
import type { AuthorizationOptions, ChannelHandler, UserHandler } from "./auth/auth-options.ts";
import type { EncryptionModule } from "./channels/event-decryptor.ts";
import type { WebSocketClass } from "./connection/websocket.ts";

/** Options of both entries of the client. Times are in milliseconds; 0 and `""` count as not given. */
export interface ClientOptions {
  /** Cluster of Pusher's own service: sets the default of every host. */
  readonly cluster?: string | undefined;
  /** `false`: try without TLS first. Pages that are served over https always use TLS. Default true. */
  readonly forceTLS?: boolean | undefined;
  /** Host, ports and path prefix of WebSockets. Default: `ws-{cluster}.pusher.com`, 80, 443, no path prefix. */
  readonly wsHost?: string | undefined;
  readonly wsPort?: number | undefined;
  readonly wssPort?: number | undefined;
  readonly wsPath?: string | undefined;
  /** Host, ports and path prefix of the HTTP transports. Default: those of WebSockets, path prefix `/pusher`. */
  readonly httpHost?: string | undefined;
  readonly httpPort?: number | undefined;
  readonly httpsPort?: number | undefined;
  readonly httpPath?: string | undefined;
  /** The only transports to use. Default: all that the runtime supports. */
  readonly enabledTransports?: readonly string[] | undefined;
  /** Transports not to use; has priority over `enabledTransports`. */
  readonly disabledTransports?: readonly string[] | undefined;
  /** The WebSocket class to use. Default: that of the runtime; in Node.js, that of the `ws` package. */
  readonly WebSocket?: WebSocketClass | undefined;
  /** Whether to use the HTTP transports also on pages without an origin, such as local files. Default false. */
  readonly ignoreNullOrigin?: boolean | undefined;
  /** Longest silence before a ping; the server may ask for less. Default 120,000. */
  readonly activityTimeout?: number | undefined;
  /** Longest time for the answer to a ping. Default 30,000. */
  readonly pongTimeout?: number | undefined;
  /** How long connecting takes before the state becomes `unavailable`. Default 10,000. */
  readonly unavailableTimeout?: number | undefined;
  /** How private and presence channels are authorized. */
  readonly channelAuthorization?: AuthorizationOptions<ChannelHandler> | undefined;
  /** How users are authenticated by `signin()`. */
  readonly userAuthentication?: AuthorizationOptions<UserHandler> | undefined;
  /** Encrypted channels: how long an event waits for its key before it is dropped. Default 60,000. */
  readonly holdMs?: number | undefined;
  /** Encrypted channels: how long later events wait behind an event that waits for its key. Default 2,000. */
  readonly orderHoldMs?: number | undefined;
  /** Whether `trigger` can send encrypted client events on encrypted channels. Default false, as in `pusher-js`. */
  readonly encryptedClientEvents?: boolean | undefined;
  /**
   * Turns on sealed channels: `private-sealed-`, `presence-sealed-`, `private-cache-sealed-` and `presence-cache-sealed-`.
   * Default false: channels with such names are ordinary ones.
   */
  readonly sealed?: boolean | undefined;
  /** The module `@sealcast/client/encryption`, if it cannot be loaded later, as in service workers. */
  readonly encryption?: EncryptionModule | undefined;
}

/** The options of the connection with all defaults, under the names that `pusher-js` uses. */
export interface Config {
  readonly cluster: string | undefined;
  readonly useTLS: boolean;
  /** Whether the page forces TLS although the options do not ask for it. */
  readonly isTlsForced: boolean;
  readonly wsHost: string;
  readonly wsPort: number;
  readonly wssPort: number;
  readonly wsPath: string;
  readonly httpHost: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly httpPath: string;
  readonly enabledTransports?: readonly string[];
  readonly disabledTransports?: readonly string[];
  readonly ignoreNullOrigin?: boolean;
  /** Undefined if the runtime has none: WebSocket transports are then not tried. */
  readonly WebSocket: WebSocketClass | undefined;
  readonly activityTimeout: number;
  readonly pongTimeout: number;
  readonly unavailableTimeout: number;
}

/** Returns the options of the connection with all defaults. */
export function resolveConfig(options: ClientOptions): Config {
  // 0 and "" count as not given.
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value)) as ClientOptions;
  const { cluster, wsHost, wsPort = 80, wssPort = 443 } = given;
  const isSecurePage = globalThis.location?.protocol === "https:";
  return {
    cluster,
    wsHost: `ws-${cluster}.pusher.com`,
    wsPort,
    wssPort,
    wsPath: "",
    // An app with its own server must not send anything to another host if WebSockets fail.
    httpHost: wsHost ?? `sockjs-${cluster}.pusher.com`,
    httpPort: wsPort,
    httpsPort: wssPort,
    httpPath: "/pusher",
    WebSocket,
    activityTimeout: 120_000,
    pongTimeout: 30_000,
    unavailableTimeout: 10_000,
    ...(given as Partial<Config>),
    // A page that is served over https cannot open connections without TLS.
    useTLS: isSecurePage || options.forceTLS !== false,
    isTlsForced: isSecurePage && options.forceTLS === false,
  };
}
