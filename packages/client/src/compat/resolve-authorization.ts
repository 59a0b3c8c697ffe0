import type { AuthorizationOptions, ChannelHandler, Fields, UserHandler } from "../auth/auth-options.ts";
import type { Channel } from "./channel-types.ts";
import type { AuthCallbacks } from "./jsonp.ts";
import { throwText, type AuthTransport, type ChannelAuthorizationOptions, type Options } from "./options.ts";
import { fetchByRuntime } from "./runtime.ts";

/** Where answers to JSONP requests arrive: `Pusher.auth_callbacks`. */
export const authCallbacks: AuthCallbacks = {};

/** Gives the channel with a name. */
type FindChannel = (name: string) => Channel | undefined;

/** The two ways of asking the application's server that a client needs. */
export interface ResolvedAuthorization {
  readonly channelAuthorization: AuthorizationOptions<ChannelHandler>;
  readonly userAuthentication: AuthorizationOptions<UserHandler>;
}

/** Reads the options about authorization, the deprecated ones too. */
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
  if (transport === "ajax") return { ...options, fetch };
  if (transport !== "jsonp" || typeof document !== "object") {
    return throwText(`'${transport}' is not a recognized auth transport`);
  }
  const byScript: UserHandler = async (params) => {
    const { askByScript } = await import("./jsonp.ts");
    return askByScript(authCallbacks, defaultEndpoint, options, params);
  };
  return { ...options, customHandler: byScript as Handler };
}
