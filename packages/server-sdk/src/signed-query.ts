import { bodyMd5, sign } from "#signature";
import { requestStringToSign, type QueryParameter } from "@sealcast/protocol";
import { SealcastError } from "./sealcast-error.ts";

/** Key and secret of an app. */
export interface Token {
  readonly key: string;
  readonly secret: string;
}

/** The parts of a request to the HTTP API that its signature covers. */
export interface SignableRequest {
  readonly method: string;
  /** Path of the request line, without the query. */
  readonly path: string;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  readonly body?: string | undefined;
}

const reserved = new Set(["auth_key", "auth_timestamp", "auth_version", "auth_signature", "body_md5"]);

/**
 * Returns the query string of a signed request. Source: Channels documentation, HTTP API, authentication.
 *
 * @param encodeValue encodes a parameter value for the query. The signature covers the value before encoding. Default: unescaped,
 * as in the official library.
 * @throws {SealcastError} `invalid-argument` for a parameter that is part of the signature.
 */
export function signedQuery(
  token: Token,
  request: SignableRequest,
  nowMs: number,
  encodeValue: (value: string) => string = (value) => value,
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
  const query = parameters.map(([name, value]) => `${name}=${encodeValue(value)}`).join("&");
  return `${query}&auth_signature=${signature}`;
}

/** Replaces signatures in a text with zeros: anyone who reads one in a log can repeat the request for ten minutes. */
export function withoutSignature(text: string): string {
  return text.replace(/(auth_signature=)[0-9a-f]+/g, `$1${"0".repeat(64)}`);
}
