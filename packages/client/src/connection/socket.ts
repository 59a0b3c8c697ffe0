/** One open or opening line to the server, whatever carries it. */
export interface Socket {
  /** Sends one text. Only called between the first message and the close. */
  send(text: string): void;
  /** Asks for a sign of life, where the transport has a way of its own for that. */
  readonly ping?: () => void;
  /** Closes the line. Nothing is reported any more after this call. */
  close(): void;
}

/** What a socket reports to the connection. */
export interface SocketListener {
  /** A message arrived. Anything but text is a violation of the protocol. */
  message(data: unknown): void;
  /** Bytes arrived that are no message. */
  activity(): void;
  /** Something failed; where the line did not survive, `closed` follows. */
  error(error: unknown): void;
  /** The line is closed, or could never be opened. The last call. */
  closed(code: number, reason: string): void;
}
