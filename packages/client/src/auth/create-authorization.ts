import { askEndpoint } from "./ask-endpoint.ts";
import type { AuthorizationOptions, ChannelHandler, UserHandler } from "./auth-options.ts";
import type { Authorization } from "./authorization.ts";
import { createAuthorizer } from "./authorizer.ts";
import type { AuthorizeBy } from "./channel-request.ts";
import { withMember, type ReadMemberId, type SignedInUser } from "./member-grant.ts";
import { runHandler } from "./run-handler.ts";
import { readUserGrant } from "./user-grant.ts";

/** The options that say how permissions are obtained. */
export interface AuthorizationSettings {
  readonly channelAuthorization?: AuthorizationOptions<ChannelHandler> | undefined;
  readonly userAuthentication?: AuthorizationOptions<UserHandler> | undefined;
}

/**
 * Creates what asks for permissions.
 *
 * @param user the user of the client: the member of presence channels whose grants name none.
 * @param authorizeBy how to ask the endpoint for the permissions of channels.
 * @param readMemberId reads the id of the member in a grant.
 */
export function createAuthorization(
  { channelAuthorization = {}, userAuthentication = {} }: AuthorizationSettings,
  user: SignedInUser,
  authorizeBy: AuthorizeBy,
  readMemberId: ReadMemberId,
): Authorization {
  const authorize = createAuthorizer(channelAuthorization, authorizeBy);
  const { customHandler, timeoutMs, endpoint = "/pusher/user-auth" } = userAuthentication;
  return {
    authorizeChannel: async (request) => withMember(await authorize(request), request, user, readMemberId),
    authenticateUser: async (socketId) =>
      readUserGrant(
        await (customHandler
          ? runHandler((callback) => customHandler({ socketId }, callback), timeoutMs)
          : askEndpoint("user-authentication", endpoint, userAuthentication, [["socket_id", socketId]], 3)),
      ),
  };
}
