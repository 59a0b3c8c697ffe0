/** What a client does when its connection was closed with a code. */
export type CloseAction =
  /** The network failed, or the server vanished: reconnect after a delay. */
  | "reconnect"
  /** Reconnect over TLS at once. */
  | "use-tls"
  /** Do not reconnect: the same attempt would fail again. */
  | "give-up"
  /** Reconnect after a delay of at least a second. */
  | "back-off"
  /** Reconnect at once. */
  | "at-once";

/** Returns the reaction to a close code, by the ranges of the Channels protocol. */
export function closeAction(code: number): CloseAction {
  if (code < 4000) return code >= 1002 && code <= 1004 ? "back-off" : "reconnect";
  if (code === 4000) return "use-tls";
  if (code >= 4100 && code < 4200) return "back-off";
  return code >= 4200 && code < 4300 ? "at-once" : "give-up";
}
