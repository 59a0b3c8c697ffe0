import type { TransportRefusal } from "../../../ports/transport.ts";

/** Returns a header field of a request by its name in lower case. */
export type HeaderOf = (name: string) => string | undefined;

/** The version of RFC 6455. */
const version = "13";
/** The sub-protocol that the server speaks; clients need not offer it. */
const subProtocol = "pusher-channels-protocol-7";
/** A list of tokens (RFC 9110, 5.6.2). */
const tokenList = /^[\w!#$%&'*+\-.^`|~]+(?:[ \t]*,[ \t]*[\w!#$%&'*+\-.^`|~]+)*$/;

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
  const offered = header("sec-websocket-protocol");
  const isValid = method === "GET" && hasKey && (offered === undefined || tokenList.test(offered.trim()));
  return isValid ? undefined : "webSocketHandshake";
}

/** The sub-protocol of the answer to a handshake; undefined if the client does not offer the one of the server. */
export function chosenSubProtocol(header: HeaderOf): string | undefined {
  const offered = header("sec-websocket-protocol") ?? "";
  return offered.split(",").some((name) => name.trim() === subProtocol) ? subProtocol : undefined;
}

function lists(field: string | undefined, token: string): boolean {
  return field !== undefined && field.split(",").some((one) => one.trim().toLowerCase() === token);
}
