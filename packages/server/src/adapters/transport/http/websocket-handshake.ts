import type { TransportRefusal } from "../../../ports/transport.ts";

/** Returns a header field of a request by its name in lower case. */
export type HeaderOf = (name: string) => string | undefined;

/** The version of RFC 6455. */
const version = "13";

/**
 * Whether a request asks for WebSocket: `Connection` names `Upgrade`, and `Upgrade` lists `websocket`. Both are headers of
 * one hop: a proxy that does not know WebSocket drops them.
 */
export function wantsWebSocket(header: HeaderOf): boolean {
  return lists(header("connection"), "upgrade") && lists(header("upgrade"), "websocket");
}

/** Why a request that asks for WebSocket gets none (RFC 6455, 4.2.1), or undefined. */
export function handshakeProblem(method: string, header: HeaderOf): TransportRefusal | undefined {
  if (header("sec-websocket-version")?.trim() !== version) return "webSocketVersion";
  // 16 bytes in base64.
  const hasKey = /^[A-Za-z0-9+/]{22}==$/.test(header("sec-websocket-key") ?? "");
  return method === "GET" && hasKey ? undefined : "webSocketHandshake";
}

function lists(field: string | undefined, token: string): boolean {
  return field !== undefined && field.split(",").some((one) => one.trim().toLowerCase() === token);
}
