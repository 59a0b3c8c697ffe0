/** Header fields of a reply, in lower case. */
export type Headers = Readonly<Record<string, string>>;

/** The fields of every answer of the fallback transports. */
export const plainHeaders: Headers = { "cache-control": "no-store", vary: "origin" };

/** How long browsers may remember that they may send, in seconds. */
const preflightSeconds = "86400";

/**
 * Returns the fields that let a page of another origin read an answer.
 *
 * @param more fields that its requests need besides.
 */
export function corsHeaders(origin: string, more: Headers): Headers {
  return {
    ...plainHeaders,
    "access-control-allow-origin": origin,
    "access-control-allow-headers": "content-type",
    "access-control-max-age": preflightSeconds,
    ...more,
  };
}
