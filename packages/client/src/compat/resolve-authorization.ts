import type { AuthorizationOptions, ChannelHandler, Fields, UserHandler } from "../auth/auth-options.ts";
import type { Channel } from "./channel-types.ts";
import { authCallbacks } from "./auth-callbacks.ts";
import { fetchByRuntime } from "./fetch-by-runtime.ts";
import type { AuthTransport, ChannelAuthorizationOptions, Options } from "./options.ts";

/** Returns the channel with this name. */
export type FindChannel = (name: string) => Channel | undefined;

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
  const byScript: UserHandler = async (params) => {
    const { authorizeByJsonp } = await import("./authorize-by-jsonp.ts");
    return authorizeByJsonp(authCallbacks, defaultEndpoint, options, params);
  };
  return { ...options, customHandler: byScript as Handler };
}
