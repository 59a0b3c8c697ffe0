import { createHash, createHmac } from "node:crypto";

/** A key with its secret. */
export interface Credential {
  readonly key: string;
  readonly secret: string;
}

/** The credential of `testApp`. */
export const testCredential: Credential = { key: "app-key", secret: "app-secret" };

/** HMAC-SHA256 as the protocol writes it. */
export function hmac(secret: string, text: string): string {
  return createHmac("sha256", secret).update(text, "utf8").digest("hex");
}

/** `auth` of a subscription, as an app's backend makes it. */
export function channelAuth(
  socketId: string,
  channel: string,
  channelData?: string,
  { key, secret }: Credential = testCredential,
): string {
  const signed = channelData === undefined ? `${socketId}:${channel}` : `${socketId}:${channel}:${channelData}`;
  return `${key}:${hmac(secret, signed)}`;
}

/** `auth` of a sign-in, as an app's backend makes it. */
export function userAuth(socketId: string, userData: string, { key, secret }: Credential = testCredential): string {
  return `${key}:${hmac(secret, `${socketId}::user::${userData}`)}`;
}

/** What a request to the HTTP API is made of. */
export interface RequestToSign extends Credential {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timestampSeconds: number;
}

/** The query of a signed request, as a server library makes it; values are percent-encoded. */
export function signedQuery({ key, secret, method, path, parameters, body, timestampSeconds }: RequestToSign): string {
  const all: Record<string, string> = {
    ...parameters,
    auth_key: key,
    auth_timestamp: String(timestampSeconds),
    auth_version: "1.0",
    ...(body === "" ? undefined : { body_md5: createHash("md5").update(body).digest("hex") }),
  };
  const names = Object.keys(all).toSorted();
  const signed = `${method}\n${path}\n${names.map((name) => `${name}=${all[name]}`).join("&")}`;
  const encoded = names.map((name) => `${name}=${encodeURIComponent(all[name] ?? "")}`);
  return [...encoded, `auth_signature=${hmac(secret, signed)}`].join("&");
}
