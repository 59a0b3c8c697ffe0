import type { HttpReply } from "../ports/transport.ts";
import type { ConsoleError } from "./contract.ts";

const headers = { "content-type": "application/json", "cache-control": "no-store" } as const;

/** A successful answer of the console's API. */
export function consoleJson(value: unknown, more: Readonly<Record<string, string>> = {}): HttpReply {
  return { status: 200, headers: { ...headers, ...more }, body: JSON.stringify(value) };
}

/** A refusal of the console's API. */
export function consoleError(status: number, error: string, more: Readonly<Record<string, string>> = {}): HttpReply {
  const body: ConsoleError = { error };
  return { status, headers: { ...headers, ...more }, body: JSON.stringify(body) };
}
