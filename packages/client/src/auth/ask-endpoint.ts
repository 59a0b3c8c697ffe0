import { SealcastError } from "../sealcast-error.ts";
import { unrefTimer } from "../unref-timer.ts";
import type { EndpointOptions, Fields } from "./auth-options.ts";
import type { EndpointFailure, Purpose } from "./explain-failure.ts";
import { sendRequest } from "./send-request.ts";
import { withTimeout } from "./with-timeout.ts";

/** The fields of a form, in order. */
export type Form = readonly (readonly [string, string])[];

/** What came back: status 0 and the error of the platform if there was no complete answer. */
interface Answer {
  readonly status: number;
  readonly type?: string | null;
  readonly text?: string;
  readonly error?: unknown;
}

const defaultTimeoutMs = 10_000;
/** Longest answer that is read, in characters. */
const longestAnswer = 1_048_576;
/** Longest pause before the second request, in milliseconds; it doubles from request to request. */
const pauseMs = 1_000;

/**
 * Sends a form to an endpoint and returns the JSON of its answer. Repeats the request if there was no answer, or an answer
 * with status 408, 429 or 5xx.
 *
 * @param attempts most requests to send.
 * @throws {SealcastError} `refused` with the HTTP status: 0 if there was no answer.
 */
export async function askEndpoint(
  purpose: Purpose,
  endpoint: string,
  options: EndpointOptions,
  form: Form,
  attempts: number,
): Promise<unknown> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await send(endpoint, options, form);
    const { status, type, text = "" } = answer;
    const json = parseJson(text);
    if (status >= 200 && status < 300 && json !== undefined) return json;
    if (attempt === attempts || !isTransient(status) || (!status && isBaseless(endpoint))) {
      const why = await explain({ purpose, endpoint, status, type, error: answer.error, json });
      throw new SealcastError("refused", why, status, answer.error);
    }
    await new Promise((resolve) => unrefTimer(setTimeout(resolve, Math.random() * pauseMs * 2 ** attempt)));
  }
}

/** Whether asking again may lead to another answer than this status; 0 stands for no answer. */
export function isTransient(status: number): boolean {
  return !status || status >= 500 || status === 408 || status === 429;
}

async function send(endpoint: string, options: EndpointOptions, form: Form): Promise<Answer> {
  const abort = new AbortController();
  try {
    const request = { ...(await requestOf(options, form)), signal: abort.signal };
    const answer = async (): Promise<Answer> => {
      const response = await (options.fetch ?? sendRequest)(endpoint, request);
      const { status } = response;
      return { status, type: response.headers.get("content-type"), text: await response.text() };
    };
    return await withTimeout(answer(), options.timeoutMs ?? defaultTimeoutMs);
  } catch (error) {
    abort.abort();
    return { status: 0, error };
  }
}

async function requestOf(options: EndpointOptions, form: Form): Promise<RequestInit> {
  const fields = [...form, ...entries(options.params), ...entries(await options.paramsProvider?.())];
  const headers: Record<string, string> = { "Content-Type": "application/x-www-form-urlencoded" };
  for (const [name, value] of [...entries(options.headers), ...entries(await options.headersProvider?.())]) {
    // The body is a form, whatever type the application names.
    if (name.toLowerCase() !== "content-type") headers[name] = value;
    else if (options.appendContentType) headers["Content-Type"] += `, ${value}`;
  }
  return {
    method: "POST",
    headers,
    body: fields.map((field) => field.map(encodeURIComponent).join("=")).join("&"),
    credentials: options.credentials ?? "same-origin",
  };
}

function entries(fields: Fields = {}): Form {
  return Object.entries(fields).map(([name, value]) => [name, String(value)]);
}

/** Returns the error message for a failure. What composes it is loaded now, because most pages never need it. */
async function explain(failure: EndpointFailure): Promise<string> {
  try {
    const { explainFailure } = await import("./explain-failure.ts");
    return explainFailure(failure);
  } catch {
    return `No authorization from ${failure.endpoint}`;
  }
}

/** Whether a URL is relative and there is no page that it could be relative to. */
function isBaseless(endpoint: string): boolean {
  return !globalThis.location && !/^[a-z]+:/i.test(endpoint);
}

/** The JSON in a text; undefined if there is none, or if the text is too long. */
function parseJson(text: string): unknown {
  try {
    return text.length <= longestAnswer ? (JSON.parse(text) as unknown) : undefined;
  } catch {
    return undefined;
  }
}
