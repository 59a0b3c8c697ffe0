import { letGo } from "../let-go.ts";
import { SealcastError } from "../sealcast-error.ts";
import type { EndpointOptions, Fields } from "./auth-options.ts";
import { withTimeout } from "./with-timeout.ts";

/** What an endpoint is asked for, as error messages name it. */
export type Purpose = "channel-authorization" | "user-authentication";

/** The fields of a form, in order. */
export type Form = readonly (readonly [string, string])[];

const defaultTimeoutMs = 10_000;
/** Longest answer that is looked at, in characters. */
const longestAnswer = 1_048_576;
/** Longest pause before the second request, in milliseconds; it doubles from request to request. */
const pauseMs = 1_000;

/**
 * Asks an endpoint and gives the JSON of its answer. Asks again where no answer came, or one of status 408, 429 or 5xx.
 * Rejects with a {@link SealcastError} `refused` that carries the status: 0 where there was no answer, 200 where it is not
 * JSON.
 *
 * @param attempts how often to ask at most.
 */
export async function askEndpoint(
  purpose: Purpose,
  endpoint: string,
  options: EndpointOptions,
  form: Form,
  attempts: number,
): Promise<unknown> {
  for (let attempt = 1; ; attempt += 1) {
    const abort = new AbortController();
    const asked = (options.fetch ?? fetch)(endpoint, { ...requestOf(options, form), signal: abort.signal });
    const answered = asked.then(async (response) => [response.status, await response.text()] as const);
    const [status, text] = await withTimeout(answered, options.timeoutMs ?? defaultTimeoutMs).catch(() => {
      abort.abort();
      return [0, ""] as const;
    });
    if (status === 200) return parseAnswer(purpose, text);
    if (attempt === attempts || !mayPass(status)) {
      throw new SealcastError(
        "refused",
        `Unable to retrieve auth string from ${purpose} endpoint - received status: ${status} from ${endpoint}`,
        status,
      );
    }
    await new Promise((resolve) => letGo(setTimeout(resolve, Math.random() * pauseMs * 2 ** attempt)));
  }
}

/** Whether asking again may lead to another answer than one of this status; 0 stands for none. */
export function mayPass(status: number): boolean {
  return !status || status >= 500 || status === 408 || status === 429;
}

function requestOf(options: EndpointOptions, form: Form): RequestInit {
  const fields = [...form, ...entries(options.params), ...entries(options.paramsProvider?.())];
  return {
    method: "POST",
    headers: Object.fromEntries([
      ["Content-Type", "application/x-www-form-urlencoded"],
      ...entries(options.headers),
      ...entries(options.headersProvider?.()),
    ]),
    body: fields.map((field) => field.map(encodeURIComponent).join("=")).join("&"),
    credentials: options.credentials ?? "same-origin",
  };
}

function entries(fields: Fields = {}): Form {
  return Object.entries(fields).map(([name, value]) => [name, String(value)]);
}

function parseAnswer(purpose: Purpose, text: string): unknown {
  try {
    if (text.length <= longestAnswer) return JSON.parse(text) as unknown;
  } catch {
    // Reported below, without the answer: it may hold a key.
  }
  throw new SealcastError(
    "refused",
    `JSON returned from ${purpose} endpoint was invalid, yet status code was 200`,
    200,
  );
}
