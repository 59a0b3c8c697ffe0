import { fail, ok, quote, type Parsed } from "@sealcast/protocol";

/** An attribute of a channel that the HTTP API returns on request. */
export type InfoAttribute = "user_count" | "subscription_count" | "cache" | "position";

/**
 * Reads an `info` parameter: attributes joined by commas. Fails with `invalidParameter` on one that is not `known` to the
 * endpoint.
 */
export function parseInfo(value: unknown, known: readonly InfoAttribute[]): Parsed<readonly InfoAttribute[]> {
  if (value === undefined || value === null || value === "") return ok([]);
  if (typeof value !== "string") {
    return fail("invalidParameter", `Invalid info: expected attributes joined by commas, got ${quote(value)}`);
  }
  const attributes: InfoAttribute[] = [];
  for (const name of value.split(",")) {
    const attribute = known.find((candidate) => candidate === name.trim());
    if (attribute === undefined) {
      return fail("invalidParameter", `Invalid info: ${quote(name.trim())} is not one of ${known.join(", ")}`);
    }
    attributes.push(attribute);
  }
  return ok(attributes);
}
