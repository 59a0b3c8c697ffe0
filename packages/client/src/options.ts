import { WebSocket } from "#websocket";
import type { AuthorizationOptions, ChannelHandler, UserHandler } from "./auth/auth-options.ts";
import type { EncryptionModule } from "./channels/vault.ts";
import type { WebSocketClass } from "./connection/websocket.ts";

/** Options that both faces of the client share. Numbers are milliseconds; 0 and `""` count as not given. */
export interface ClientOptions {
  /** Cluster of Pusher's own service: gives the default of every host. */
  readonly cluster?: string | undefined;
  /** False: try without TLS first. Pages served over https always use TLS. Default true. */
  readonly forceTLS?: boolean | undefined;
  /** Where WebSockets go. Default: `ws-{cluster}.pusher.com`, 80, 443, no path prefix. */
  readonly wsHost?: string | undefined;
  readonly wsPort?: number | undefined;
  readonly wssPort?: number | undefined;
  readonly wsPath?: string | undefined;
  /** Where the HTTP transports go. Default: where WebSockets go, with the path prefix `/pusher`. */
  readonly httpHost?: string | undefined;
  readonly httpPort?: number | undefined;
  readonly httpsPort?: number | undefined;
  readonly httpPath?: string | undefined;
  /** The only transports to use. Default: all that the runtime has. */
  readonly enabledTransports?: readonly string[] | undefined;
  /** Transports not to use; wins over `enabledTransports`. */
  readonly disabledTransports?: readonly string[] | undefined;
  /** The WebSocket class to use. Default: that of the runtime; in Node.js, that of the package `ws`. */
  readonly WebSocket?: WebSocketClass | undefined;
  /** Use the HTTP transports also on pages without an origin, such as local files. Default false. */
  readonly ignoreNullOrigin?: boolean | undefined;
  /** Longest silence before a ping; the server may ask for less. Default 120,000. */
  readonly activityTimeout?: number | undefined;
  /** How long the answer to a ping may take. Default 30,000. */
  readonly pongTimeout?: number | undefined;
  /** How long connecting takes before the state is called `unavailable`. Default 10,000. */
  readonly unavailableTimeout?: number | undefined;
  /** How private and presence channels are authorized. */
  readonly channelAuthorization?: AuthorizationOptions<ChannelHandler> | undefined;
  /** How users are authenticated by `signin()`. */
  readonly userAuthentication?: AuthorizationOptions<UserHandler> | undefined;
  /** Encrypted channels: how long an event waits for its key before it is given up. Default 60,000. */
  readonly holdMs?: number | undefined;
  /** Encrypted channels: how long later events wait behind one that waits for its key. Default 2,000. */
  readonly orderHoldMs?: number | undefined;
  /** Lets `trigger` send sealed client events on encrypted channels. Default false, as in `pusher-js`. */
  readonly encryptedClientEvents?: boolean | undefined;
  /** The cipher, from `@sealcast/client/encryption`, where it cannot be loaded later: service workers. */
  readonly encryption?: EncryptionModule | undefined;
}

/** The options with every default filled in, under the names that `pusher-js` uses for them. */
export interface Config {
  readonly cluster: string | undefined;
  readonly useTLS: boolean;
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
  /** Undefined if the runtime has none; the plan then has no WebSocket transport. */
  readonly WebSocket: WebSocketClass | undefined;
  readonly activityTimeout: number;
  readonly pongTimeout: number;
  readonly unavailableTimeout: number;
}

/** Fills in the defaults of everything that concerns the connection. */
export function resolveConfig(options: ClientOptions): Config {
  // 0 and "" count as not given.
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value)) as ClientOptions;
  const { cluster, wsHost, wsPort = 80, wssPort = 443 } = given;
  return {
    cluster,
    wsHost: `ws-${cluster}.pusher.com`,
    wsPort,
    wssPort,
    wsPath: "",
    // An app on its own server must not send a byte to another host because WebSockets fail.
    httpHost: wsHost ?? `sockjs-${cluster}.pusher.com`,
    httpPort: wsPort,
    httpsPort: wssPort,
    httpPath: "/pusher",
    WebSocket,
    activityTimeout: 120_000,
    pongTimeout: 30_000,
    unavailableTimeout: 10_000,
    ...(given as Partial<Config>),
    // A page served over https may open nothing else.
    useTLS: globalThis.location?.protocol === "https:" || options.forceTLS !== false,
  };
}
