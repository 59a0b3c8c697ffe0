import { fieldsOf, textOf } from "../untrusted.ts";

/** What an endpoint is asked for, as error messages name it. */
export type Purpose = "channel-authorization" | "user-authentication";

/** A request that an endpoint did not grant. */
export interface EndpointFailure {
  readonly purpose: Purpose;
  readonly endpoint: string;
  /** HTTP status; 0 if there was no answer. */
  readonly status: number;
  /** Content type of the answer. */
  readonly type?: string | null | undefined;
  /** The error of the platform, if there was no answer. */
  readonly error?: unknown;
  /** The JSON in the answer; undefined if there is none. */
  readonly json?: unknown;
}

/** Longest part of an endpoint's own reason that error messages repeat, in characters. */
const longestReason = 200;

/** Returns the error message for a failure. It never repeats the answer itself, which may contain a key. */
export function explainFailure(failure: EndpointFailure): string {
  const { purpose, endpoint, status, type } = failure;
  const message =
    status === 200
      ? `JSON returned from ${purpose} endpoint was invalid, yet status code was 200: ${endpoint} sent ${type}`
      : `Unable to retrieve auth string from ${purpose} endpoint - received status: ${status} from ${endpoint}`;
  return message + reasonOf(failure);
}

/** What the endpoint itself says about a refusal, or the platform about a request without an answer. */
function reasonOf({ status, error, endpoint, json }: EndpointFailure): string {
  const { error: reason, message } = fieldsOf(status ? json : error);
  const text = textOf(reason ?? message).slice(0, longestReason);
  const { origin } = globalThis.location ?? {};
  if (status) return text && `: ${text}`;
  if (origin === undefined && !/^[a-z]+:/i.test(endpoint)) {
    return ": outside of a page, the endpoint must be an absolute URL";
  }
  const isForeign = origin !== undefined && !new URL(endpoint, origin).href.startsWith(`${origin}/`);
  return `${text && `: ${text}`}${isForeign ? ` (does it allow requests from ${origin}, by CORS?)` : ""}`;
}
