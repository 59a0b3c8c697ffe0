import { bodyMd5, sign } from "#signature";
import { requestStringToSign, type QueryParameter } from "@sealcast/protocol";
import { SealcastError } from "./sealcast-error.ts";

/** Key and secret of an app. */
export interface Token {
  readonly key: string;
  readonly secret: string;
}

/** A request to the HTTP API, as far as its signature goes. */
export interface SignableRequest {
  readonly method: string;
  /** As on the request line, without the query. */
  readonly path: string;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  readonly body?: string | undefined;
}

const reserved = new Set(["auth_key", "auth_timestamp", "auth_version", "auth_signature", "body_md5"]);

/**
 * Builds the query of a signed request. The signature covers the values as they are; the query holds them as
 * `writeValue` makes them, which the official library leaves unescaped. Throws `invalid-argument` for a parameter that
 * the signature owns. Source: Channels documentation, HTTP API, authentication.
 */
export function signedQuery(
  token: Token,
  request: SignableRequest,
  nowMs: number,
  writeValue: (value: string) => string = (value) => value,
): string {
  const parameters: QueryParameter[] = [
    ["auth_key", token.key],
    ["auth_timestamp", `${Math.floor(nowMs / 1000)}`],
    ["auth_version", "1.0"],
  ];
  if (request.body) parameters.push(["body_md5", bodyMd5(request.body)]);
  for (const [name, value] of Object.entries(request.params ?? {})) {
    if (reserved.has(name)) {
      throw new SealcastError("invalid-argument", `${name} is a required parameter and cannot be overidden`);
    }
    parameters.push([name, String(value)]);
  }
  parameters.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const signature = sign(token.secret, requestStringToSign(request.method, request.path, parameters));
  const query = parameters.map(([name, value]) => `${name}=${writeValue(value)}`).join("&");
  return `${query}&auth_signature=${signature}`;
}
