import type { AuthorizationOptions, ChannelHandler, UserHandler } from "../auth/auth-options.ts";
import type { Channel } from "./channel-types.ts";
import { askByScript } from "./jsonp.ts";
import { throwText, type AuthTransport, type ChannelAuthorizationOptions, type Options } from "./options.ts";
import { fetchByRuntime } from "./runtime.ts";

/** Gives the channel with a name. */
export type FindChannel = (name: string) => Channel | undefined;

/** The two ways of asking the application's server that a client needs. */
export interface ResolvedAuthorization {
  readonly channelAuthorization: AuthorizationOptions<ChannelHandler>;
  readonly userAuthentication: AuthorizationOptions<UserHandler>;
}

/** Reads the options about authorization, the deprecated ones too. */
export function resolveAuthorization(options: Options, findChannel: FindChannel): ResolvedAuthorization {
  const channels = options.channelAuthorization ?? deprecatedOptions(options, findChannel);
  const users = options.userAuthentication ?? {};
  return {
    channelAuthorization: withTransport<ChannelHandler>(channels, ({ socketId, channelName }, callback) => {
      const { endpoint = "/pusher/auth" } = channels;
      askByScript(endpoint, channels, { socket_id: socketId, channel_name: channelName }, callback);
    }),
    userAuthentication: withTransport<UserHandler>(users, ({ socketId }, callback) => {
      const { endpoint = "/pusher/user-auth" } = users;
      askByScript(endpoint, users, { socket_id: socketId }, callback);
    }),
  };
}

function deprecatedOptions(options: Options, findChannel: FindChannel): ChannelAuthorizationOptions {
  const { authEndpoint = "/pusher/auth", authTransport = "ajax", auth = {}, authorizer } = options;
  const { params, headers } = auth;
  return {
    endpoint: authEndpoint,
    transport: authTransport,
    params,
    headers,
    customHandler:
      authorizer &&
      (({ socketId, channelName }, callback) => {
        const channel = findChannel(channelName);
        const settings = { authTransport, authEndpoint, auth: { params, headers } };
        if (channel) authorizer(channel, settings).authorize(socketId, callback);
      }),
  };
}

function withTransport<Handler>(
  options: AuthorizationOptions<Handler> & { readonly transport?: AuthTransport | undefined },
  byScript: Handler,
): AuthorizationOptions<Handler> {
  const { transport = "ajax", customHandler, fetch = fetchByRuntime } = options;
  if (customHandler) return options;
  if (transport === "ajax") return { ...options, fetch };
  if (transport === "jsonp" && typeof document === "object") return { ...options, customHandler: byScript };
  return throwText(`'${String(transport)}' is not a recognized auth transport`);
}
