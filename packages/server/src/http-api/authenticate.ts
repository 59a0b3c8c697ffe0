import { fail, limits, requestStringToSign, type Problem, type QueryParameter } from "@sealcast/protocol";
import { secretOfKey, type App } from "../core/app.ts";
import { parameter, percentDecode } from "../core/query.ts";
import type { Signer } from "../ports/signer.ts";
import type { HttpRequest } from "../ports/transport.ts";

/**
 * Checks the signature of an HTTP API request: key, version, time, signature, and that the body is the one that was
 * signed. Gives the problem, or undefined. Texts and order are those of the official service.
 */
export function requestProblem(
  app: App,
  signer: Signer,
  request: HttpRequest,
  query: readonly QueryParameter[],
  nowMs: number,
): Problem | undefined {
  const key = parameter(query, "auth_key");
  if (key === undefined) return refuse("Missing parameter: auth_key");
  const secret = secretOfKey(app, key);
  if (secret === undefined) return refuse("Unknown auth_key");
  const version = parameter(query, "auth_version");
  if (version === undefined) return refuse("Version required");
  if (version !== "1.0") return refuse("Version not supported");
  const timeProblem = timestampProblem(parameter(query, "auth_timestamp"), nowMs);
  if (timeProblem !== undefined) return timeProblem;
  const signature = parameter(query, "auth_signature") ?? "";
  if (!isSigned(request, query, (toSign) => signer.verify(secret, toSign, signature))) {
    const wanted = JSON.stringify(requestStringToSign(request.method, request.path, query));
    return refuse(
      `Invalid signature: you should have sent HmacSHA256Hex(${wanted}, your_secret_key), but you sent ${JSON.stringify(signature.slice(0, 100))}`,
    );
  }
  // The signature covers the body only through its MD5.
  const md5 = parameter(query, "body_md5");
  if (md5 === undefined ? request.body.length > 0 : md5 !== signer.md5(request.body)) return refuse("Invalid body_md5");
  return undefined;
}

function timestampProblem(timestamp: string | undefined, nowMs: number): Problem | undefined {
  if (timestamp === undefined) return refuse("Timestamp required");
  const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN;
  const nowSeconds = Math.floor(nowMs / 1_000);
  if (Math.abs(nowSeconds - seconds) < limits.requestTimestampSkewSeconds) return undefined;
  const given = Number.isNaN(seconds) ? JSON.stringify(timestamp.slice(0, 40)) : isoSeconds(seconds);
  return refuse(
    `Timestamp expired: Given timestamp (${given}) not within ${limits.requestTimestampSkewSeconds}s of server time (${isoSeconds(nowSeconds)})`,
  );
}

/**
 * Whether one of the forms was signed that libraries and HTTP stacks make of the same request: as it stands, with its
 * path percent-decoded (some stacks encode user ids that the library signed as they are), or with array parameters
 * joined by commas (PHP).
 */
function isSigned(
  { method, path }: HttpRequest,
  query: readonly QueryParameter[],
  verify: (toSign: string) => boolean,
): boolean {
  if (verify(requestStringToSign(method, path, query))) return true;
  const decoded = percentDecode(path);
  if (decoded !== path && verify(requestStringToSign(method, decoded, query))) return true;
  const joined = joinArrays(query);
  return joined.length !== query.length && verify(requestStringToSign(method, path, joined));
}

function joinArrays(query: readonly QueryParameter[]): QueryParameter[] {
  const values = new Map<string, string>();
  for (const [name, value] of query) {
    const earlier = values.get(name);
    values.set(name, earlier !== undefined && name.endsWith("[]") ? `${earlier},${value}` : value);
  }
  return [...values];
}

function isoSeconds(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace(".000Z", "Z");
}

function refuse(message: string): Problem {
  return fail("unauthenticated", message).error;
}
