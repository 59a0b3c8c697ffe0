import type {
  AuthorizationOptions,
  ChannelAuthorizationCallback,
  ChannelHandler,
  UserAuthenticationCallback,
  UserHandler,
} from "../auth/auth-options.ts";
import type { ClientOptions } from "../options.ts";
import type { Anything, Channel } from "./channel-types.ts";

export type { ChannelAuthorizationCallback, UserAuthenticationCallback };
/** Obtains the permission for one channel. */
export type ChannelAuthorizationHandler = ChannelHandler;
/** Obtains the proof of the user's identity. */
export type UserAuthenticationHandler = UserHandler;

/** How to ask an endpoint: `ajax`, or `jsonp`, which works only in pages. Default `ajax`. */
export type AuthTransport = "ajax" | "jsonp";

/** Options can be assembled step by step. */
type Writable<Settings> = { -readonly [Name in keyof Settings]: Settings[Name] };

/** How channels are authorized. */
export interface ChannelAuthorizationOptions extends Writable<AuthorizationOptions<ChannelHandler>> {
  transport?: AuthTransport | undefined;
  /** Form fields to add. */
  params?: Anything;
  /** Called for each request: form fields to add. */
  paramsProvider?: (() => Anything) | undefined;
  /** Headers to add. */
  headers?: Anything;
  /** Called for each request: headers to add, such as a token that changes. */
  headersProvider?: (() => Anything) | undefined;
}

/** How users are authenticated. */
export interface UserAuthenticationOptions extends Omit<ChannelAuthorizationOptions, "customHandler"> {
  customHandler?: UserHandler | undefined;
}

/** What to add to requests, in the deprecated option `auth`. */
export interface DeprecatedAuthOptions {
  params?: Anything;
  headers?: Anything;
}

/** The result of a deprecated `authorizer`. */
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

/** The options of `pusher-js`, and the options that only this client has. */
export interface Options extends Writable<ClientOptions> {
  cluster: string;
  /** The only transports to use. Default: all that the runtime has. */
  enabledTransports?: string[] | undefined;
  /** Transports not to use; wins over `enabledTransports`. */
  disabledTransports?: string[] | undefined;
  channelAuthorization?: ChannelAuthorizationOptions | undefined;
  userAuthentication?: UserAuthenticationOptions | undefined;
  /** Deprecated: use `channelAuthorization`. With it, the next four options are ignored. */
  authEndpoint?: string | undefined;
  authTransport?: AuthTransport | undefined;
  auth?: DeprecatedAuthOptions | undefined;
  authorizer?: ChannelAuthorizerGenerator | undefined;
  /** Accepted for compatibility; has no effect. */
  nacl?: unknown;
  /** Accepted for compatibility; have no effect. This client sends no statistics. */
  enableStats?: boolean | undefined;
  disableStats?: boolean | undefined;
  statsHost?: string | undefined;
  timelineParams?: unknown;
}

interface ChosenTransport {
  readonly transport?: AuthTransport | undefined;
  readonly customHandler?: unknown;
}

/** Arguments of `switchCluster`. */
export interface ClusterOptions {
  readonly appKey: string;
  readonly cluster: string;
}

/** Throws the texts of `pusher-js` if a required argument is missing. */
export function checkOptions(appKey: unknown, options: Partial<Options> | null | undefined): void {
  if (appKey === null || appKey === undefined) throwText("You must pass your app key when you instantiate Pusher.");
  if (!options) throwText("You must pass an options object");
  const { cluster, channelAuthorization, userAuthentication, authTransport, authorizer } = options;
  if (cluster === null || cluster === undefined) throwText("Options object must provide a cluster");
  checkTransport(channelAuthorization ?? { transport: authTransport, customHandler: authorizer });
  checkTransport(userAuthentication);
}

function checkTransport({ transport = "ajax", customHandler }: ChosenTransport = {}): void {
  if (customHandler || transport === "ajax" || (transport === "jsonp" && typeof document === "object")) return;
  throwText(`'${transport}' is not a recognized auth transport`);
}

/** Throws a text: code for `pusher-js` catches texts, not errors. */
function throwText(text: string): never {
  // oxlint-disable-next-line no-throw-literal, typescript/only-throw-error -- see above
  throw text;
}
