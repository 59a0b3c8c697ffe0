import type { AuthorizationOptions, ChannelHandler, Fields, UserHandler } from "../auth/auth-options.ts";
import type { Channel } from "./channel-types.ts";
import type { AuthCallbacks } from "./authorize-by-jsonp.ts";
import { throwText, type AuthTransport, type ChannelAuthorizationOptions, type Options } from "./options.ts";
import { fetchByRuntime } from "./runtime.ts";

/** Takes the answers to JSONP requests: `Pusher.auth_callbacks`. */
export const authCallbacks: AuthCallbacks = {};

/** Returns the channel with this name. */
type FindChannel = (name: string) => Channel | undefined;

/** How to authorize channels and users. */
export interface ResolvedAuthorization {
  readonly channelAuthorization: AuthorizationOptions<ChannelHandler>;
  readonly userAuthentication: AuthorizationOptions<UserHandler>;
}

/** Reads the options for authorization, including the deprecated ones. */
export function resolveAuthorization(options: Options, findChannel: FindChannel): ResolvedAuthorization {
  return {
    channelAuthorization: withTransport(
      options.channelAuthorization ?? deprecatedOptions(options, findChannel),
      "/pusher/auth",
    ),
    userAuthentication: withTransport(options.userAuthentication ?? {}, "/pusher/user-auth"),
  };
}

function deprecatedOptions(options: Options, findChannel: FindChannel): ChannelAuthorizationOptions {
  const { authEndpoint = "/pusher/auth", authTransport = "ajax", auth = {}, authorizer } = options;
  const { params, headers } = auth as { readonly params?: Fields; readonly headers?: Fields };
  const customHandler: ChannelHandler = ({ socketId, channelName }, callback) => {
    const channel = findChannel(channelName);
    const settings = { authTransport, authEndpoint, auth: { params, headers } };
    if (channel) authorizer?.(channel, settings).authorize(socketId, callback);
  };
  return {
    endpoint: authEndpoint,
    transport: authTransport,
    params,
    headers,
    customHandler: authorizer && customHandler,
  };
}

function withTransport<Handler extends ChannelHandler | UserHandler>(
  options: AuthorizationOptions<Handler> & { readonly transport?: AuthTransport | undefined },
  defaultEndpoint: string,
): AuthorizationOptions<Handler> {
  const { transport = "ajax", customHandler, fetch = fetchByRuntime } = options;
  if (customHandler) return options;
  if (transport === "ajax") return { ...options, fetch, appendContentType: true };
  if (transport !== "jsonp" || typeof document !== "object") {
    return throwText(`'${transport}' is not a recognized auth transport`);
  }
  const byScript: UserHandler = async (params) => {
    const { authorizeByJsonp } = await import("./authorize-by-jsonp.ts");
    return authorizeByJsonp(authCallbacks, defaultEndpoint, options, params);
  };
  return { ...options, customHandler: byScript as Handler };
}
