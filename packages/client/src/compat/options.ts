import type {
  AuthorizationOptions,
  ChannelAuthorizationCallback,
  ChannelHandler,
  Fields,
  UserAuthenticationCallback,
  UserHandler,
} from "../auth/auth-options.ts";
import type { ClientOptions } from "../options.ts";
import type { Channel } from "./channel-types.ts";

export type { ChannelAuthorizationCallback, UserAuthenticationCallback };
/** Obtains the permission for one channel. */
export type ChannelAuthorizationHandler = ChannelHandler;
/** Obtains the proof of the user's identity. */
export type UserAuthenticationHandler = UserHandler;

/** How to ask an endpoint: `ajax`, or `jsonp`, which only pages can do. Default `ajax`. */
export type AuthTransport = "ajax" | "jsonp";

/** How channels are authorized. */
export interface ChannelAuthorizationOptions extends AuthorizationOptions<ChannelHandler> {
  readonly transport?: AuthTransport | undefined;
}

/** How users are authenticated. */
export interface UserAuthenticationOptions extends AuthorizationOptions<UserHandler> {
  readonly transport?: AuthTransport | undefined;
}

/** What to add to requests, in the deprecated option `auth`. */
export interface DeprecatedAuthOptions {
  readonly params?: Fields | undefined;
  readonly headers?: Fields | undefined;
}

/** What a deprecated `authorizer` makes for each request. */
export interface Authorizer {
  authorize(socketId: string, callback: ChannelAuthorizationCallback): void;
}

/** The deprecated option `authorizer`. */
export type ChannelAuthorizerGenerator = (
  channel: Channel,
  options: {
    readonly authTransport: AuthTransport;
    readonly authEndpoint: string;
    readonly auth: DeprecatedAuthOptions;
  },
) => Authorizer;

export type { DeprecatedAuthOptions as AuthOptions, ChannelAuthorizationCallback as AuthorizerCallback };
export type { ChannelAuthorizerGenerator as AuthorizerGenerator };

/** The options of `pusher-js`, and those that only this client has. */
export interface Options extends ClientOptions {
  readonly cluster: string;
  readonly channelAuthorization?: ChannelAuthorizationOptions | undefined;
  readonly userAuthentication?: UserAuthenticationOptions | undefined;
  /** Deprecated: use `channelAuthorization`, which makes the next four count for nothing. */
  readonly authEndpoint?: string | undefined;
  readonly authTransport?: AuthTransport | undefined;
  readonly auth?: DeprecatedAuthOptions | undefined;
  readonly authorizer?: ChannelAuthorizerGenerator | undefined;
  /** Taken and not needed: encrypted channels always work. */
  readonly nacl?: unknown;
  /** Taken without effect: this client sends no statistics to anybody. */
  readonly enableStats?: boolean | undefined;
  readonly disableStats?: boolean | undefined;
  readonly statsHost?: string | undefined;
  readonly timelineParams?: unknown;
}

/** Where `switchCluster` goes. */
export interface ClusterOptions {
  readonly appKey: string;
  readonly cluster: string;
}

/** Throws the texts of `pusher-js` for what must not be missing. */
export function checkOptions(appKey: unknown, options: Partial<Options> | null | undefined): void {
  if (appKey === null || appKey === undefined) throwText("You must pass your app key when you instantiate Pusher.");
  if (!options) throwText("You must pass an options object");
  const { cluster } = options;
  if (cluster === null || cluster === undefined) throwText("Options object must provide a cluster");
}

/** Code written for `pusher-js` catches texts, not errors. */
export function throwText(text: string): never {
  // oxlint-disable-next-line no-throw-literal, typescript/only-throw-error -- see above
  throw text;
}
