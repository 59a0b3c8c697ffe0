/** Parameters or headers that an application adds to its own requests. */
export type Fields = Readonly<Record<string, unknown>>;

/** Where and how the application's server is asked for permission. */
export interface AuthorizationOptions<Handler> extends EndpointOptions {
  /** Replaces the request: the application obtains the permission in its own way. */
  readonly customHandler?: Handler | undefined;
}

/** A request to the application's server. */
export interface EndpointOptions {
  /** Address of the endpoint. In Node.js it must be absolute. Default `/pusher/auth`, for users `/pusher/user-auth`. */
  readonly endpoint?: string | undefined;
  /** Form fields to add. */
  readonly params?: Fields | undefined;
  /** Called for each request: form fields to add. */
  readonly paramsProvider?: (() => Fields) | undefined;
  /** Headers to add. */
  readonly headers?: Fields | undefined;
  /** Called for each request: headers to add, such as a token that changes. */
  readonly headersProvider?: (() => Fields) | undefined;
  /** Replaces `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** `"include"` sends cookies to other origins too. Default `"same-origin"`. */
  readonly credentials?: RequestCredentials | undefined;
  /**
   * Longest time for one request, in milliseconds: default 10,000; two more follow one that failed. For a `customHandler`
   * default 30,000.
   */
  readonly timeoutMs?: number | undefined;
}

/** The answer of an endpoint for one channel. */
export interface ChannelAuthorizationData {
  readonly auth: string;
  readonly channel_data?: string;
  readonly shared_secret?: string;
}

/** The answer of an endpoint for the user. */
export interface UserAuthenticationData {
  readonly auth: string;
  readonly user_data: string;
}

/** Takes the answer for one channel, or why there is none. */
export type ChannelAuthorizationCallback = (error: Error | null, data: ChannelAuthorizationData | null) => void;

/** Takes the answer for the user, or why there is none. */
export type UserAuthenticationCallback = (error: Error | null, data: UserAuthenticationData | null) => void;

/** Obtains the permission for one channel; may call back or return a promise of the answer. */
export type ChannelHandler = (
  params: { readonly socketId: string; readonly channelName: string },
  callback: ChannelAuthorizationCallback,
) => unknown;

/** Obtains the proof of the user's identity; may call back or return a promise of the answer. */
export type UserHandler = (params: { readonly socketId: string }, callback: UserAuthenticationCallback) => unknown;
