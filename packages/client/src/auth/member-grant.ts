import { traitsOf } from "@sealcast/protocol";
import { SealcastError } from "../sealcast-error.ts";
import { fieldsOf } from "../untrusted.ts";
import type { ChannelGrant } from "./channel-grant.ts";
import type { ChannelRequest } from "./channel-request.ts";

/** The user of a client, as far as the authorization of presence channels reads it. */
export interface SignedInUser {
  /** Settles when the sign-in under way has ended. */
  readonly signinDonePromise: Promise<void> | null;
  /** The user, once signed in. */
  readonly user_data: { readonly id: string } | null;
}

/** Returns the id of this client's own member, from the `user_id` that the endpoint signed; undefined if it is not valid. */
export type ReadMemberId = (userId: unknown) => string | undefined;

/**
 * Adds the id of this client's member to the grant of a presence channel. Without `channel_data` the server takes the user
 * who signed in, so a sign-in under way is waited for.
 *
 * @throws {SealcastError} `refused` if there is no member.
 */
export async function withMember(
  grant: ChannelGrant,
  { channel, encrypted }: ChannelRequest,
  user: SignedInUser,
  readMemberId: ReadMemberId,
): Promise<ChannelGrant> {
  if (!traitsOf(channel).members) return grant;
  const { channelData } = grant;
  if (channelData === undefined && encrypted) {
    throw new SealcastError("refused", `No channel_data in auth payload for channel: ${channel}`);
  }
  if (channelData === undefined) await user.signinDonePromise;
  const memberId = channelData === undefined ? user.user_data?.id : readMemberId(userIdIn(channelData));
  if (memberId !== undefined) return { ...grant, memberId };
  throw new SealcastError("refused", `Invalid auth response for channel '${channel}': no user`);
}

function userIdIn(channelData: string): unknown {
  try {
    return fieldsOf(JSON.parse(channelData))["user_id"];
  } catch {
    return undefined;
  }
}
