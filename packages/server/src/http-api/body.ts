import { fail, ok, parseJson, type Parsed, type Problem, type QueryParameter } from "@sealcast/protocol";
import type { Awaitable } from "../core/awaitable.ts";
import { largeBodyBytes } from "./body-limit.ts";
import { bodyText } from "./body-text.ts";
import type { AppCall } from "./endpoint.ts";
import type { Turns } from "../core/turns.ts";
import { parseLargeJson } from "./large-json.ts";

type Parameters = Readonly<Record<string, unknown>>;

const byteOrderMark = [0xef, 0xbb, 0xbf];
const marked = fail(
  "invalidParameter",
  "Invalid body: it begins with a byte order mark (EF BB BF), which JSON does not have",
);
const notJson: Problem = { id: "invalidParameter", message: "Invalid body: it must be JSON" };

/**
 * The parameters of a POST: those of the JSON body over those of the query, where arrays stand as `name[]`. Fails with
 * `invalidParameter` where the body is not a JSON object.
 */
export function postParameters(body: Uint8Array, query: readonly QueryParameter[]): Parsed<Parameters> {
  if (body.length === 0) return ok(queryParameters(query) ?? {});
  const text = bodyText(body);
  if (!text.ok) return text;
  if (text.value.startsWith("\uFEFF")) return marked;
  const json = parseJson(text.value, notJson);
  return json.ok ? parametersOf(json.value, query) : json;
}

/** Returns the same for a request to an app. A large body takes several turns of the event loop. */
export function parametersOfCall({ request: { body }, query, turns }: AppCall): Awaitable<Parsed<Parameters>> {
  return body.length < largeBodyBytes ? postParameters(body, query) : largeParameters(body, query, turns);
}

async function largeParameters(
  body: Uint8Array,
  query: readonly QueryParameter[],
  turns: Turns,
): Promise<Parsed<Parameters>> {
  const isMarked = byteOrderMark.every((byte, index) => body[index] === byte);
  if (isMarked) return marked;
  const json = await parseLargeJson(body, turns, notJson);
  return json.ok ? parametersOf(json.value, query) : json;
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
