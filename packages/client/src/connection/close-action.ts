/** What a client does when its connection was closed with a code. */
export type CloseAction =
  /** The network failed, or the server went away without a word: come back after a moment. */
  | "reconnect"
  /** Connect again over TLS, at once. */
  | "use-tls"
  /** Do not connect again in this way: the same attempt is bound to fail. */
  | "give-up"
  /** The server asks for a pause of at least a second. */
  | "back-off"
  /** The server asks to come back at once. */
  | "at-once";

/** Reads a close code, by the ranges of the Channels protocol. */
export function closeAction(code: number): CloseAction {
  if (code < 4000) return code >= 1002 && code <= 1004 ? "back-off" : "reconnect";
  if (code === 4000) return "use-tls";
  if (code >= 4100 && code < 4200) return "back-off";
  return code >= 4200 && code < 4300 ? "at-once" : "give-up";
}
