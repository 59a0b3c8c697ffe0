import { signal } from "@preact/signals";
import type { ConsoleError, ConsoleSession } from "@sealcast/server/console";

/** Where the console's own API is. */
export const apiPath = "/console/api";

/** Who is signed in; undefined until the server has answered. */
export const session = signal<ConsoleSession | undefined>(undefined);

/** The answer to a request: its value, or a sentence that says why there is none. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

/** The value of an answer; undefined if it has none or has not come yet. */
export function valueOf<T>(answer: Answer<T> | undefined): T | undefined {
  return answer?.ok === true ? answer.value : undefined;
}

/** Why an answer has no value; undefined if it has one or has not come yet. */
export function failureOf(answer: Answer<unknown> | undefined): string | undefined {
  return answer?.ok === false ? answer.message : undefined;
}

/**
 * Sends a request to the console's API.
 *
 * @param path below `/console/api`, with a leading slash.
 * @param change method and JSON body of a request that changes something; without it, the request is a GET.
 */
export async function request<T>(
  path: string,
  change?: { readonly method: "POST" | "PUT" | "PATCH" | "DELETE"; readonly body?: unknown },
): Promise<Answer<T>> {
  try {
    const response = await fetch(apiPath + path, change === undefined ? {} : withBody(change));
    const body: unknown = response.status === 204 ? undefined : await response.json();
    if (response.ok) return { ok: true, value: body as T };
    if (response.status === 401 && path !== "/login") void loadSession();
    return { ok: false, message: (body as ConsoleError).error };
  } catch {
    return { ok: false, message: "The server does not answer. Check that it runs, then try again." };
  }
}

/** Asks who is signed in. */
export async function loadSession(): Promise<void> {
  const answer = await request<ConsoleSession>("/session");
  if (answer.ok) session.value = answer.value;
}

function withBody({ method, body }: { method: string; body?: unknown }): RequestInit {
  return {
    method,
    headers: { "Content-Type": "application/json", "X-Console-Token": session.value?.token ?? "" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}
