/** Parameters or headers that an application adds to requests. */
export type Fields = Readonly<Record<string, unknown>>;

/** How the client obtains a permission of the application's server. */
export interface AuthorizationOptions<Handler> extends EndpointOptions {
  /** Replaces the request: the application obtains the permission itself. */
  readonly customHandler?: Handler | undefined;
}

/** A request to the application's server. */
export interface EndpointOptions {
  /** URL of the endpoint, absolute outside of pages. Default `/pusher/auth`, for users `/pusher/user-auth`. */
  readonly endpoint?: string | undefined;
  /** Form fields to add. */
  readonly params?: Fields | undefined;
  /** Called for each request: returns form fields to add, or a promise of them. */
  readonly paramsProvider?: (() => Fields | Promise<Fields>) | undefined;
  /** Headers to add. The `Content-Type` stays that of a form. */
  readonly headers?: Fields | undefined;
  /** Called for each request: returns headers to add, such as a token that changes, or a promise of them. */
  readonly headersProvider?: (() => Fields | Promise<Fields>) | undefined;
  /** Replaces `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** `"include"` sends cookies to other origins, too. Default `"same-origin"`. */
  readonly credentials?: RequestCredentials | undefined;
  /**
   * Longest time for one request, in milliseconds. Default 10,000; a request that fails is repeated twice. Default for a
   * `customHandler`: 30,000.
   */
  readonly timeoutMs?: number | undefined;
  /** For the drop-in only: adds a `Content-Type` of the application to that of the form, as `pusher-js` does. */
  readonly appendContentType?: boolean | undefined;
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

/** Takes the answer for one channel, or the reason why there is none. */
export type ChannelAuthorizationCallback = (error: Error | null, data: ChannelAuthorizationData | null) => void;

/** Takes the answer for the user, or the reason why there is none. */
export type UserAuthenticationCallback = (error: Error | null, data: UserAuthenticationData | null) => void;

/** Obtains the permission for one channel. Calls back, or returns a promise of the answer. */
export type ChannelHandler = (
  params: { readonly socketId: string; readonly channelName: string },
  callback: ChannelAuthorizationCallback,
) => unknown;

/** Obtains the proof of the user's identity. Calls back, or returns a promise of the answer. */
export type UserHandler = (params: { readonly socketId: string }, callback: UserAuthenticationCallback) => unknown;
