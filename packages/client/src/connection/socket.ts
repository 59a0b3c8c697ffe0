/** One open or opening connection to the server, over any transport. */
export interface Socket {
  /** Sends one text. Only called between the first message and the close. */
  send(text: string): void;
  /** Sends a ping of the transport, if it has one of its own. */
  readonly ping?: () => void;
  /** Closes the socket. After this call nothing is reported. */
  close(): void;
}

/** What a socket reports to the connection. */
export interface SocketListener {
  /** A message arrived. Anything except text violates the protocol. */
  message(data: unknown): void;
  /** Bytes arrived that are not a message. */
  activity(): void;
  /** Something failed. If the socket did not survive, `closed` follows. */
  error(error: unknown): void;
  /** The socket is closed, or could not be opened. The last call. `error`: why, if the platform tells. */
  closed(code: number, reason: string, error?: unknown): void;
}
