import type { Authorization } from "../auth/authorization.ts";
import type { ChannelHandler } from "../auth/auth-options.ts";
import { authorizeEach } from "../auth/channel-request.ts";
import { createAuthorization, type AuthorizationSettings } from "../auth/create-authorization.ts";
import type { SignedInUser } from "../auth/member-grant.ts";
import type { Options } from "./options.ts";
import { resolveAuthorization, type FindChannel } from "./resolve-authorization.ts";

/**
 * The authorization of the drop-in: one request per channel, and the deprecated options. Ids of members stay what they are
 * in the JSON of the endpoint: text or number.
 *
 * @param replacement returns `config.channelAuthorizer` if the application has set it: it has priority over an endpoint.
 */
export function pusherAuthorization(
  options: Options,
  user: SignedInUser,
  findChannel: FindChannel,
  replacement: () => ChannelHandler | undefined,
): Authorization {
  const create = (settings: AuthorizationSettings): Authorization =>
    createAuthorization(settings, user, authorizeEach, readMemberId);
  const authorization = create(resolveAuthorization(options, findChannel));
  return {
    ...authorization,
    authorizeChannel(request) {
      const customHandler = replacement();
      const { authorizeChannel } = customHandler ? create({ channelAuthorization: { customHandler } }) : authorization;
      return authorizeChannel(request);
    },
  };
}

/** The type says text, as that of `pusher-js` does. */
function readMemberId(userId: unknown): string | undefined {
  return userId as string | undefined;
}
