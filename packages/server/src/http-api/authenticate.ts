import {
  fail,
  limits,
  ok,
  requestStringToSign,
  type Parsed,
  type Problem,
  type QueryParameter,
} from "@sealcast/protocol";
import { secretOfKey, type App } from "../core/apps/app.ts";
import { andThen, type Awaitable } from "../core/awaitable.ts";
import { percentDecode } from "../core/urls/percent-decode.ts";
import { parameter, parseQuery } from "../core/urls/query.ts";
import { inTurns, type Turns } from "../core/turns.ts";
import type { Signer } from "../ports/signer.ts";
import type { HttpRequest } from "../ports/transport.ts";
import { slicesOf } from "./large-body.ts";

/** The known part of a request whose body is not read yet. */
type Head = Pick<HttpRequest, "method" | "path" | "query">;

/**
 * Checks the signature of an HTTP API request: key, version, time, signature, and that the body is the one that was
 * signed. Texts and order are those of the official service. The value is the query as it is to be read: in
 * the form that was signed, since anything else could have been changed on the way.
 */
export function authenticate(
  app: App,
  signer: Signer,
  request: HttpRequest,
  nowMs: number,
  turns: Turns,
): Awaitable<Parsed<readonly QueryParameter[]>> {
  const signed = authenticateHead(app, signer, request, nowMs);
  if (!signed.ok) return signed;
  // A body of GET has no meaning (RFC 9110, 9.3.1), and not every runtime shows it.
  if (request.method === "GET" || request.method === "HEAD") return signed;
  // The signature covers the body only through its MD5.
  const wanted = parameter(signed.value, "body_md5");
  if (wanted === undefined) return request.body.length === 0 ? signed : refuse("Invalid body_md5");
  return andThen(md5Of(request.body, signer, turns), (md5) => (md5 === wanted ? signed : refuse("Invalid body_md5")));
}

/** Returns the MD5 of a body. A large one takes several turns of the event loop. */
function md5Of(body: Uint8Array, signer: Signer, turns: Turns): Awaitable<string> {
  const slices = slicesOf(body);
  if (slices === undefined) return signer.md5(body);
  const md5 = signer.beginMd5();
  return andThen(
    inTurns(turns, slices, (slice) => md5.add(slice)),
    () => md5.hex(),
  );
}

/** Checks the same, except the body. */
export function authenticateHead(
  app: App,
  signer: Signer,
  request: Head,
  nowMs: number,
): Parsed<readonly QueryParameter[]> {
  const query = parseQuery(request.query).map(([name, value]): QueryParameter => [name.toLowerCase(), value]);
  const key = parameter(query, "auth_key");
  if (key === undefined) return refuse("Missing parameter: auth_key");
  const secret = secretOfKey(app, key);
  if (secret === undefined) return refuse("Unknown auth_key");
  const version = parameter(query, "auth_version");
  if (version === undefined) return refuse("Version required");
  if (version !== "1.0") return refuse("Version not supported");
  const timeProblem = timestampProblem(parameter(query, "auth_timestamp"), nowMs);
  if (timeProblem !== undefined) return refuse(timeProblem);
  const signature = parameter(query, "auth_signature") ?? "";
  const signed = signedForm(request, query, (toSign) => signer.verify(secret, toSign, signature));
  if (signed === undefined) {
    const wanted = JSON.stringify(requestStringToSign(request.method, request.path, query));
    return refuse(
      `Invalid signature: you should have sent HmacSHA256Hex(${wanted}, your_secret_key), but you sent ${JSON.stringify(signature.slice(0, 100))}`,
    );
  }
  return ok(signed);
}

function timestampProblem(timestamp: string | undefined, nowMs: number): string | undefined {
  if (timestamp === undefined) return "Timestamp required";
  const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN;
  const nowSeconds = Math.floor(nowMs / 1_000);
  if (Math.abs(nowSeconds - seconds) < limits.requestTimestampSkewSeconds) return undefined;
  const given = Number.isNaN(seconds) ? JSON.stringify(timestamp.slice(0, 40)) : isoSeconds(seconds);
  return `Timestamp expired: Given timestamp (${given}) not within ${limits.requestTimestampSkewSeconds}s of server time (${isoSeconds(nowSeconds)})`;
}

/**
 * Returns the query in the form that was signed, or undefined if no form fits. Libraries and HTTP stacks make different forms of
 * one request:
 * - as it stands;
 * - with its path percent-decoded: some stacks encode user ids that the library signed as they are;
 * - without the prefix that a proxy adds;
 * - with the values of each array joined by commas, under its name as sent or under its bare name (PHP).
 */
function signedForm(
  { method, path }: Head,
  query: readonly QueryParameter[],
  verify: (toSign: string) => boolean,
): readonly QueryParameter[] | undefined {
  if (verify(requestStringToSign(method, path, query))) return query;
  const decoded = percentDecode(path);
  if (decoded !== path && verify(requestStringToSign(method, decoded, query))) return query;
  const unprefixed = path.slice(path.lastIndexOf("/apps/"));
  if (unprefixed !== path && verify(requestStringToSign(method, unprefixed, query))) return query;
  if (!query.some(([name]) => name.endsWith("]"))) return undefined;
  if (verify(requestStringToSign(method, path, joinArrays(query, "as sent")))) return query;
  const bare = joinArrays(query, "bare");
  return verify(requestStringToSign(method, path, bare)) ? bare : undefined;
}

/** `x[]=1&x[]=2`, or with numbers in the brackets, becomes `x[]=1,2`, or `x=1,2` with bare names. */
function joinArrays(query: readonly QueryParameter[], names: "as sent" | "bare"): readonly QueryParameter[] {
  const values = new Map<string, string>();
  for (const [name, value] of query) {
    const array = /^(.+)\[\d*\]$/.exec(name)?.[1];
    const joinedName = names === "bare" ? (array ?? name) : name;
    const earlier = array === undefined ? undefined : values.get(joinedName);
    values.set(joinedName, earlier === undefined ? value : `${earlier},${value}`);
  }
  return [...values];
}

function isoSeconds(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace(".000Z", "Z");
}

function refuse(message: string): { readonly ok: false; readonly error: Problem } {
  return fail("unauthenticated", message);
}
