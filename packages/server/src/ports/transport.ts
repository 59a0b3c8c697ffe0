/**
 * One message on its way to clients, encoded once however many receive it. `framed` is room for what a transport makes
 * of the text, so that framing happens once, too.
 */
export interface OutgoingMessage {
  readonly text: string;
  framed: Uint8Array | undefined;
}

/** Wraps an encoded message. */
export function outgoing(text: string): OutgoingMessage {
  return { text, framed: undefined };
}

/**
 * The server's end of one client connection, whatever carries it.
 * [LINK1] Messages arrive in the order of `send` and of the `publish` of all topics the link is in.
 * [LINK2] `send` after `close` does nothing.
 */
export interface Link {
  /** Queues a message behind all earlier ones. Never blocks and never throws. */
  send(message: OutgoingMessage): void;
  /** Closes after everything queued was handed on. The client sees code and reason where the transport can carry them. */
  close(code: number, reason: string): void;
}

/**
 * The local links that receive the same messages.
 * [TOPIC1] `publish` reaches every link that is in the topic when it is called, `except` left out, at most once.
 * [TOPIC2] `add` and `remove` take constant time, whatever the size.
 * [TOPIC3] After `remove`, nothing of the topic reaches the link that was not published before.
 */
export interface Topic {
  readonly size: number;
  add(link: Link): void;
  remove(link: Link): void;
  publish(message: OutgoingMessage, except: Link | undefined): void;
}

/** What a transport reports of one link; the session behind it. */
export interface LinkEvents {
  /** One text message from the client. */
  receive(text: string): void;
  /** A sign of life without a message: a WebSocket ping or pong. */
  alive(): void;
  /** The link is gone, for whatever reason; called once. */
  closed(): void;
}

/** How a client asked for a connection. */
export interface OpenRequest {
  /** Path of the address, without the query. */
  readonly path: string;
  /** The raw query, without "?". */
  readonly query: string;
  readonly origin: string | undefined;
  /** Whether the client's leg is TLS: the socket's own, or what a proxy says in `X-Forwarded-Proto`. */
  readonly secure: boolean;
}

/** One HTTP request, read completely. */
export interface HttpRequest {
  readonly method: string;
  /** As on the request line, still percent-encoded, without the query. */
  readonly path: string;
  /** The raw query, without "?". */
  readonly query: string;
  readonly origin: string | undefined;
  readonly secure: boolean;
  readonly body: Uint8Array;
}

/** Where a streaming reply writes to. */
export interface ReplyStream {
  write(text: string): void;
  end(): void;
  /** Bytes written and not yet handed to the operating system. */
  bufferedBytes(): number;
}

/** The answer to an HTTP request: complete, or a stream that stays open. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Called once the head is on its way, with the open body; `body` is then written first. Returns what to do when the client goes. */
  readonly stream?: (stream: ReplyStream) => () => void;
}

/** What a transport hands to the server behind it. */
export interface TransportHandlers {
  /**
   * A client opened a connection on `/app/…`. The upgrade always succeeds: browsers see only close codes, so refusals
   * are closes. The link may be used at once, before this returns.
   */
  open(request: OpenRequest, link: Link): LinkEvents;
  /** Any other request. Never throws or rejects. */
  http(request: HttpRequest): HttpReply | Promise<HttpReply>;
  /** Whether a page of this origin may use the fallback transports of the app that has this key. */
  allowsOrigin(key: string, origin: string): boolean;
  /** Largest accepted body of a request, in bytes; above it the transport answers 413 itself. */
  readonly maxBodyBytes: number;
}

/** Where a transport listens. */
export interface ListenAddress {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

/** Sockets and HTTP of one runtime. */
export interface Transport {
  /** "Node.js 20.20.2" or "Bun 1.4.5", for the start banner. */
  readonly runtime: string;
  /** A group of links; `name` is unique among the live topics of the process. */
  createTopic(name: string): Topic;
  listen(address: ListenAddress, handlers: TransportHandlers): Promise<ListenAddress>;
  /** Undelivered bytes of all links together. */
  bufferedBytes(): number;
  /** Stops accepting; connections that are open stay. */
  stopAccepting(): void;
  /** Ends everything that is still open and resolves when the port is free. */
  close(): Promise<void>;
}
