import type { WebSocketLike } from "../connection/websocket.ts";

/** A message that a client has sent. */
export interface ReceivedMessage {
  readonly event: string;
  readonly channel?: string;
  readonly data?: unknown;
}

/** What the server does with a connection. */
export interface ConnectionHandlers {
  readonly opened: (connection: FakeConnection) => void;
  readonly received: (connection: FakeConnection, message: ReceivedMessage) => void;
  readonly closed: (connection: FakeConnection) => void;
  /** Runs one transfer: at once, or when the test asks for it. */
  readonly transfer: (deliver: () => void, direction: Direction) => void;
}

/** The two directions of a connection. Each keeps its order. */
export type Direction = "to-server" | "to-client";

/** One connection, in memory: the WebSocket of the client, and the server's end of it. */
export class FakeConnection implements WebSocketLike {
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onerror: ((error: unknown) => void) | null = null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null = null;
  /** Id of the connection. */
  readonly socketId: string;
  /** Channel → `channel_data` of its subscription. */
  readonly subscriptions = new Map<string, string | undefined>();
  private readonly handlers: ConnectionHandlers;
  private isOpen = true;

  constructor(socketId: string, handlers: ConnectionHandlers) {
    this.socketId = socketId;
    this.handlers = handlers;
    handlers.transfer(() => this.isOpen && handlers.opened(this), "to-server");
  }

  /** The client sends a text. */
  send(text: string): void {
    const message = JSON.parse(text) as ReceivedMessage;
    this.handlers.transfer(() => this.isOpen && this.handlers.received(this, message), "to-server");
  }

  /** The client closes. */
  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.handlers.closed(this);
  }

  /** The server sends a message. `data` becomes JSON in a text, except in `pusher:error`. */
  reply(event: string, data: unknown, channel?: string, userId?: string): void {
    const sent = event === "pusher:error" ? data : JSON.stringify(data);
    const text = JSON.stringify({ event, channel, data: sent, user_id: userId });
    this.handlers.transfer(() => this.isOpen && this.onmessage?.({ data: text }), "to-client");
  }

  /** The server, or the network, ends the connection. */
  end(code: number, reason: string): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.handlers.closed(this);
    this.onclose?.({ code, reason });
  }
}
