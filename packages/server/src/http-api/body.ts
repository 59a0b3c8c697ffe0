import { fail, ok, parseJson, type Parsed, type QueryParameter } from "@sealcast/protocol";

// A byte order mark is a character of the data like any other.
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Returns the text of a body. Fails with `invalidParameter` if it is not UTF-8. */
export function bodyText(body: Uint8Array): Parsed<string> {
  try {
    return ok(utf8.decode(body));
  } catch {
    return fail("invalidParameter", "Invalid body: it must be UTF-8");
  }
}

/**
 * The parameters of a POST: those of the JSON body over those of the query, where arrays stand as `name[]`. Fails with
 * `invalidParameter` where the body is not a JSON object.
 */
export function postParameters(
  body: Uint8Array,
  query: readonly QueryParameter[],
): Parsed<Readonly<Record<string, unknown>>> {
  const fromQuery = queryParameters(query);
  if (body.length === 0) return ok(fromQuery ?? {});
  const text = bodyText(body);
  if (!text.ok) return text;
  if (text.value.startsWith("\uFEFF")) {
    return fail(
      "invalidParameter",
      "Invalid body: it begins with a byte order mark (EF BB BF), which JSON does not have",
    );
  }
  const parsed = parseJson(text.value, { id: "invalidParameter", message: "Invalid body: it must be JSON" });
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return fail("invalidParameter", "Invalid body: it must be a JSON object");
  }
  const fields = value as Readonly<Record<string, unknown>>;
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
