import { sign } from "#signature";
import { encodeBase64 } from "@sealcast/crypto";
import { channelStringToSign, userStringToSign } from "@sealcast/protocol";
import { isEncryptedChannel, type EndToEndField, type Encryption } from "./encryption.ts";
import { checkChannelName, checkSocketId, checkUserData } from "./names.ts";
import { SealcastError } from "./sealcast-error.ts";
import type { Token } from "./signed-query.ts";

/** What a client needs to subscribe, in the form and field order of the official library. */
export interface ChannelAuthorization {
  readonly channel_data?: string;
  readonly auth: string;
  readonly shared_secret?: string;
  readonly e2e?: EndToEndField;
}

/** What a client needs to sign in. */
export interface UserAuthentication {
  readonly auth: string;
  readonly user_data: string;
}

/**
 * Signs a subscription. Throws where the socket id or the channel name is not valid, and for an encrypted channel without
 * a key.
 *
 * @param channelData who subscribes to a presence channel: `user_id` and `user_info`.
 * @param endToEnd whether the client asked for all secrets of an encrypted channel, not just the one in force.
 */
export function authorizeChannel(
  token: Token,
  encryption: Encryption | undefined,
  socketId: string,
  channel: string,
  channelData?: object,
  endToEnd = false,
): ChannelAuthorization {
  checkSocketId(socketId);
  checkChannelName(channel);
  const dataText = channelData ? JSON.stringify(channelData) : undefined;
  const authorization = {
    ...(dataText === undefined ? {} : { channel_data: dataText }),
    auth: `${token.key}:${sign(token.secret, channelStringToSign(socketId, channel, dataText))}`,
  };
  if (!isEncryptedChannel(channel)) return authorization;
  if (encryption === undefined) {
    throw new SealcastError(
      "no-encryption-key",
      "Cannot generate shared_secret because encryptionMasterKey is not set",
    );
  }
  return endToEnd
    ? { ...authorization, ...encryption.secretFields(channel) }
    : { ...authorization, shared_secret: encodeBase64(encryption.sharedSecret(channel)) };
}

/** Signs a sign-in. Throws where the socket id or the user data is not valid. */
export function authenticateUser(token: Token, socketId: string, userData: object): UserAuthentication {
  checkSocketId(socketId);
  checkUserData(userData);
  const user_data = JSON.stringify(userData);
  return { auth: `${token.key}:${sign(token.secret, userStringToSign(socketId, user_data))}`, user_data };
}
