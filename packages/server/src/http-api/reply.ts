import { errorCatalogue, type Problem } from "@sealcast/protocol";
import type { HttpReply } from "../ports/transport.ts";

const jsonHeaders = { "content-type": "application/json" } as const;
const textHeaders = { "content-type": "text/plain; charset=utf-8" } as const;
/** When a refused client may try again, in seconds. */
const retryAfter = { "retry-after": "1" } as const;

/** The answer to a request that has nothing to report. */
export const done: HttpReply = { status: 200, headers: jsonHeaders, body: "{}" };

/** A successful answer. */
export function json(value: unknown): HttpReply {
  return { status: 200, headers: jsonHeaders, body: JSON.stringify(value) };
}

/** A refusal: plain text with a line end, as official server libraries show it to their users. */
export function refusal(problem: Problem): HttpReply {
  const { status, retry } = errorCatalogue[problem.id];
  const headers = retry === "later" && status !== 500 ? { ...textHeaders, ...retryAfter } : textHeaders;
  return { status, headers, body: `${problem.message}\n` };
}

/** A text answer of another kind. */
export function text(status: number, body: string, headers: Readonly<Record<string, string>> = {}): HttpReply {
  return { status, headers: { ...textHeaders, ...headers }, body };
}
