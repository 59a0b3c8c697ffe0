import { SealcastError } from "../sealcast-error.ts";
import { askEndpoint, type Form } from "./ask-endpoint.ts";
import type { AuthorizationOptions, ChannelHandler } from "./auth-options.ts";
import { parseChannelGrant, type ChannelGrant } from "./channel-grant.ts";

/** A channel that wants to be joined on a connection. */
export interface JoinRequest {
  readonly channel: string;
  readonly socketId: string;
  /** Whether the channel needs keys. */
  readonly encrypted: boolean;
  /** How often to ask at most, while the reason for failing may pass. */
  readonly attempts: number;
}

/** Asks for one channel. Rejects with a {@link SealcastError} `refused`; status 401 or 403 is a no for good. */
export type Authorize = (request: JoinRequest) => Promise<ChannelGrant>;

/** A way to ask the endpoint of the application's server. */
export type AskBy = (options: AuthorizationOptions<ChannelHandler>) => Authorize;

/** Asks for each channel by itself, and for what `pusher-js` asks. */
export const askOneByOne: AskBy = (options) => async (request) =>
  readGrant(request, await askForChannels(options, request, [["channel_name", request.channel]]));

/** Sends one request. @param fields names of channels, and what else the endpoint is told of them. */
export function askForChannels(
  options: AuthorizationOptions<ChannelHandler>,
  { socketId, attempts }: Pick<JoinRequest, "socketId" | "attempts">,
  fields: Form,
): Promise<unknown> {
  const { endpoint = "/pusher/auth" } = options;
  return askEndpoint("channel-authorization", endpoint, options, [["socket_id", socketId], ...fields], attempts);
}

/** Reads the answer for one channel; throws a {@link SealcastError} where it does not let the client join. */
export function readGrant({ channel, encrypted }: JoinRequest, answer: unknown): ChannelGrant {
  const grant = parseChannelGrant(answer);
  if (!grant) throw new SealcastError("refused", `Invalid auth response for channel '${channel}'`);
  if (encrypted && !grant.secrets.length) {
    throw new SealcastError("refused", `No shared_secret key in auth payload for encrypted channel: ${channel}`);
  }
  return grant;
}
