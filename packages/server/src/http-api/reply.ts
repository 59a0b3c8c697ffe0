import { errorCatalogue, type Problem } from "@sealcast/protocol";
import type { HttpReply, TransportRefusal } from "../ports/transport.ts";

const jsonHeaders = { "content-type": "application/json" } as const;
const textHeaders = { "content-type": "text/plain; charset=utf-8" } as const;
/** When a refused client may try again, in seconds. */
const retryAfter = { "retry-after": "1" } as const;

/** The answer to a request that has nothing to report. */
export const emptyJson: HttpReply = { status: 200, headers: jsonHeaders, body: "{}" };

/** A successful answer. */
export function json(value: unknown): HttpReply {
  return jsonText(JSON.stringify(value));
}

/** A successful answer whose JSON is encoded already. */
export function jsonText(body: string): HttpReply {
  return { status: 200, headers: jsonHeaders, body };
}

/** A successful answer whose JSON is encoded already, in parts. */
export function jsonBytes(parts: readonly Uint8Array[]): HttpReply {
  const body = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    body.set(part, at);
    at += part.length;
  }
  return { status: 200, headers: jsonHeaders, body };
}

/**
 * A refusal with the status of the catalogue: plain text with a line end, as official server libraries show it to their
 * users.
 *
 * @param headers in addition to those of every refusal.
 */
export function refusal(problem: Problem, headers: Readonly<Record<string, string>> = {}): HttpReply {
  const { status, retry } = errorCatalogue[problem.id];
  const later = retry === "later" && status !== 500 ? retryAfter : undefined;
  return { status, headers: { ...textHeaders, ...later, ...headers }, body: `${problem.message}\n` };
}

/** The refusal of a parameter that the client has to correct. */
export function invalidParameter(message: string): HttpReply {
  return refusal({ id: "invalidParameter", message });
}

/** A plain-text reply with any status. */
export function text(status: number, body: string): HttpReply {
  return { status, headers: textHeaders, body };
}

const transportMessages = {
  bodyTooLarge: "Request body too large",
  overMemory: "The server is over its memory limit; try again",
  internal: "The server could not handle this request; try again",
  invalidPath: 'Invalid path: send it without "." and ".." segments and without backslashes',
  webSocketHandshake: "Invalid WebSocket handshake: expected GET with a Sec-WebSocket-Key of 16 bytes in base64",
  webSocketVersion: "Unsupported WebSocket version: expected Sec-WebSocket-Version 13",
} as const satisfies Record<TransportRefusal, string>;

/** The reply to a request that the transport refuses, or that a handler failed on. */
export function transportRefusal(id: TransportRefusal): HttpReply {
  // RFC 6455, 4.4.
  const headers = id === "webSocketVersion" ? { "sec-websocket-version": "13" } : undefined;
  return refusal({ id, message: transportMessages[id] }, headers);
}
