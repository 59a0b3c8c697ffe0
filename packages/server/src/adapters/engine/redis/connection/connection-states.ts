/** Takes the state of each connection. Connections are compared by identity. */
export interface ConnectionStates {
  lost(connection: unknown, reason: unknown): void;
  ready(connection: unknown): void;
  /** The connection was closed, because it is not needed any more. */
  closed(connection: unknown): void;
}
