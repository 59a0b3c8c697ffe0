import { sign } from "#signature";
import { encodeBase64 } from "@sealcast/crypto";
import { channelStringToSign, serverToUserChannel, traitsOf, userStringToSign, type UserId } from "@sealcast/protocol";
import { encodeJson } from "./arguments.ts";
import { isEncryptedChannel, type EndToEndField, type Encryption } from "./encryption.ts";
import { checkChannelName, checkSocketId, checkUserData } from "./names.ts";
import { SealcastError } from "./sealcast-error.ts";
import type { SealedChannels, SealedField } from "./sealed/sealed-channels.ts";
import type { Token } from "./signed-query.ts";

/** The user who subscribes to a presence channel, as its other members see them. */
export interface PresenceData {
  readonly user_id: string;
  readonly user_info?: unknown;
}

/** The user who signs in. */
export interface SignInData {
  readonly id: string;
  readonly user_info?: unknown;
  readonly watchlist?: readonly string[];
}

/** What a client needs to subscribe. Fields and their order are those of the official library. */
export interface ChannelAuthorization {
  readonly channel_data?: string;
  readonly auth: string;
  readonly shared_secret?: string;
  readonly e2e?: EndToEndField | SealedField;
}

/** What a client needs to sign in. */
export interface UserAuthentication {
  readonly auth: string;
  readonly user_data: string;
  /** The keys of the events to this user, if they are sealed. */
  readonly e2e?: SealedField;
}

/** The credentials and keys of an app. */
export interface AppKeys {
  readonly token: Token;
  /** Undefined: no master key is set. */
  readonly encryption: Encryption | undefined;
  /** Undefined: the app has no sealed channels. */
  readonly sealed?: SealedChannels | undefined;
}

/**
 * Signs a subscription.
 *
 * @param channelData for a presence channel, the user: `user_id` and `user_info`.
 * @param secrets which secrets of an encrypted channel the client gets: official clients keep only the current one.
 * @throws {SealcastError} `invalid-argument` for a malformed socket id or channel name; `no-encryption-key` for an
 * encrypted channel if no master key is set.
 */
export function authorizeChannel(
  { token, encryption, sealed }: AppKeys,
  socketId: string,
  channel: string,
  channelData: object | undefined,
  secrets: "current" | "all",
): ChannelAuthorization {
  checkSocketId(socketId);
  checkChannelName(channel);
  const sealedHere = traitsOf(channel).encryption === "sealed" ? sealed : undefined;
  const shown = channelData && hasUserId(channelData) ? sealedHere?.sealMember(channel, channelData) : undefined;
  const dataText = channelData ? encodeJson("presence data", shown ?? channelData) : undefined;
  const authorization = {
    ...(dataText === undefined ? {} : { channel_data: dataText }),
    auth: `${token.key}:${sign(token.secret, channelStringToSign(socketId, channel, dataText))}`,
  };
  if (sealedHere !== undefined) return { ...authorization, e2e: sealedHere.field(channel) };
  if (!isEncryptedChannel(channel)) return authorization;
  if (encryption === undefined) {
    throw new SealcastError(
      "no-encryption-key",
      "Cannot generate shared_secret because encryptionMasterKey is not set",
    );
  }
  return secrets === "all"
    ? { ...authorization, ...encryption.secretFields(channel) }
    : { ...authorization, shared_secret: encodeBase64(encryption.sharedSecret(channel)) };
}

/** Channel data can be a text, too, although the types of both libraries ask for an object. */
function hasUserId(channelData: object): channelData is { readonly user_id: string; readonly user_info?: unknown } {
  return typeof (channelData as { readonly user_id?: unknown }).user_id === "string";
}

/**
 * Signs a sign-in.
 *
 * @throws {SealcastError} `invalid-argument` for a malformed socket id or user data without an `id` of text.
 */
export function authenticateUser(
  { token, sealed }: Pick<AppKeys, "token" | "sealed">,
  socketId: string,
  userData: object,
): UserAuthentication {
  checkSocketId(socketId);
  checkUserData(userData);
  const user_data = encodeJson("user data", userData) ?? "";
  const auth = `${token.key}:${sign(token.secret, userStringToSign(socketId, user_data))}`;
  const channel = serverToUserChannel(userData.id as UserId);
  return { auth, user_data, ...(sealed?.seals(channel) === true && { e2e: sealed.field(channel) }) };
}
