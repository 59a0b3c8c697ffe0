import { traitsOf } from "@sealcast/protocol";
import { SealcastError } from "../sealcast-error.ts";
import { askEndpoint, type Form } from "./ask-endpoint.ts";
import type { AuthorizationOptions, ChannelHandler } from "./auth-options.ts";
import { parseChannelGrant, type ChannelGrant } from "./channel-grant.ts";

/** A request for the permission to join a channel on a connection. */
export interface ChannelRequest {
  readonly channel: string;
  readonly socketId: string;
  /** Whether the channel needs keys. */
  readonly encrypted: boolean;
  /** Most requests to send while the failure can be temporary. */
  readonly attempts: number;
}

/** Requests the permission for one channel. Rejects with a {@link SealcastError}; status 401 and 403 are final. */
export type Authorize = (request: ChannelRequest) => Promise<ChannelGrant>;

/** A way to ask the endpoint of the application's server. */
export type AuthorizeBy = (options: AuthorizationOptions<ChannelHandler>) => Authorize;

/** Sends one request per channel, with the fields of `pusher-js`. */
export const authorizeEach: AuthorizeBy = (options) => async (request) =>
  readGrant(request, await askForChannels(options, request, [["channel_name", request.channel]]));

/** Sends one request. @param fields names of channels, and other fields about them. */
export function askForChannels(
  options: AuthorizationOptions<ChannelHandler>,
  { socketId, attempts }: Pick<ChannelRequest, "socketId" | "attempts">,
  fields: Form,
): Promise<unknown> {
  const { endpoint = "/pusher/auth" } = options;
  return askEndpoint("channel-authorization", endpoint, options, [["socket_id", socketId], ...fields], attempts);
}

/**
 * Reads the answer for one channel.
 *
 * @throws {SealcastError} `refused` if the answer does not let the client join.
 */
export function readGrant({ channel, encrypted }: ChannelRequest, answer: unknown): ChannelGrant {
  const grant = parseChannelGrant(answer);
  if (!grant) throw new SealcastError("refused", `Invalid auth response for channel '${channel}'`);
  const isSealed = traitsOf(channel).encryption === "sealed";
  if (encrypted && isSealed && grant.e2e === undefined) {
    throw new SealcastError("refused", `No keys in auth payload for channel: ${channel}`);
  }
  if (encrypted && !isSealed && !grant.secrets.length) {
    throw new SealcastError("refused", `No shared_secret key in auth payload for encrypted channel: ${channel}`);
  }
  return grant;
}
