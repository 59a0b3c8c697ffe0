import { fail, ok, parseJson, type Parsed, type Problem, type QueryParameter } from "@sealcast/protocol";
import { andThen, type Awaitable } from "../core/awaitable.ts";
import { inTurns, type Turns } from "../core/turns.ts";
import type { HttpRequest } from "../ports/transport.ts";
import { largeBodyBytes } from "./body-limit.ts";
import type { AppCall } from "./endpoint.ts";
import { slicesOf } from "./large-body.ts";
import { parseLargeJson } from "./large-json.ts";

type Parameters = Readonly<Record<string, unknown>>;

const notUtf8 = fail("invalidParameter", "Invalid body: it must be UTF-8");
const notJson: Problem = { id: "invalidParameter", message: "Invalid body: it must be JSON" };

// A byte order mark is a character of the data like any other.
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What reading the body of a request to an app needs of it. */
interface BodyCall {
  readonly request: Pick<HttpRequest, "body">;
  readonly turns: Turns;
}

/** Returns the text of a body. Fails with `invalidParameter` if it is not UTF-8. */
export function bodyText(body: Uint8Array): Parsed<string> {
  return textOr(() => utf8.decode(body));
}

/** Returns the same for a request to an app. A large body takes several turns of the event loop. */
export function bodyTextOfCall({ request: { body }, turns }: BodyCall): Awaitable<Parsed<string>> {
  const slices = slicesOf(body);
  if (slices === undefined) return bodyText(body);
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const parts: string[] = [];
  let isValid = true;
  const decoded = inTurns(turns, slices, (slice) => {
    const part = isValid ? textOr(() => decoder.decode(slice, { stream: true })) : notUtf8;
    isValid = part.ok;
    if (part.ok) parts.push(part.value);
  });
  return andThen(decoded, () => (isValid ? textOr(() => parts.join("") + decoder.decode()) : notUtf8));
}

/** @param decode throws if the bytes are not UTF-8. */
function textOr(decode: () => string): Parsed<string> {
  try {
    return ok(decode());
  } catch {
    return notUtf8;
  }
}

/**
 * The parameters of a POST: those of the JSON body over those of the query, where arrays stand as `name[]`. Fails with
 * `invalidParameter` where the body is not a JSON object.
 */
export function postParameters(body: Uint8Array, query: readonly QueryParameter[]): Parsed<Parameters> {
  if (body.length === 0) return ok(queryParameters(query) ?? {});
  const text = jsonText(bodyText(body));
  if (!text.ok) return text;
  const json = parseJson(text.value, notJson);
  return json.ok ? parametersOf(json.value, query) : json;
}

/** Returns the same for a request to an app. A large body takes several turns of the event loop. */
export function parametersOfCall(call: AppCall): Awaitable<Parsed<Parameters>> {
  const { body } = call.request;
  const { query, turns } = call;
  if (body.length < largeBodyBytes) return postParameters(body, query);
  return andThen(bodyTextOfCall(call), async (text) => {
    const withoutMark = jsonText(text);
    if (!withoutMark.ok) return withoutMark;
    const json = await parseLargeJson(withoutMark.value, turns, notJson);
    return json.ok ? parametersOf(json.value, query) : json;
  });
}

function jsonText(text: Parsed<string>): Parsed<string> {
  if (!text.ok || !text.value.startsWith("\uFEFF")) return text;
  return fail(
    "invalidParameter",
    "Invalid body: it begins with a byte order mark (EF BB BF), which JSON does not have",
  );
}

function parametersOf(value: unknown, query: readonly QueryParameter[]): Parsed<Parameters> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return fail("invalidParameter", "Invalid body: it must be a JSON object");
  }
  const fields = value as Parameters;
  const fromQuery = queryParameters(query);
  return ok(fromQuery === undefined ? fields : { ...fromQuery, ...fields });
}

/** Returns the parameters except those of the signature, or undefined if there are none, as on most publishes. */
function queryParameters(query: readonly QueryParameter[]): Record<string, unknown> | undefined {
  const own = query.filter(([name]) => !name.startsWith("auth_") && name !== "body_md5");
  if (own.length === 0) return undefined;
  const fields = new Map<string, unknown>();
  for (const [name, value] of own) {
    if (!name.endsWith("[]")) {
      fields.set(name, value);
      continue;
    }
    const values = fields.get(name.slice(0, -2));
    fields.set(name.slice(0, -2), Array.isArray(values) ? [...(values as unknown[]), value] : [value]);
  }
  return Object.fromEntries(fields);
}
