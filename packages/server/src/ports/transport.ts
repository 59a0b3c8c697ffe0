import type { CloseReason } from "@sealcast/protocol";

/**
 * The server's end of one client connection, whatever carries it.
 * [LINK1] Messages arrive in the order of `send` and of the `publish` of all topics the link is in.
 * [LINK2] `send` after `close` does nothing.
 */
export interface Link {
  /** Queues an encoded message behind all earlier ones. Never blocks and never throws. */
  send(text: string): void;
  /** Closes after everything queued was sent. The client gets code and reason if the transport can carry them. */
  close(code: number, reason: string): void;
  /** Bytes that were sent and have not reached the operating system: more than 0 if the client reads too slowly. */
  unsentBytes(): number;
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
  publish(text: string, except: Link | undefined): void;
}

/** What a transport reports of one link; the session behind it. */
export interface LinkEvents {
  /** One text message from the client. */
  receive(text: string): void;
  /** A sign of life without a message: a WebSocket ping or pong. */
  alive(): void;
  /**
   * The client has ended the connection, or it is gone; called once. A WebSocket ends when its Close frame arrives, even if
   * the client keeps the socket open.
   *
   * @param reason why the transport itself closed the connection; undefined: it did not.
   */
  closed(reason?: CloseReason): void;
}

/** How a client asked for a connection. */
export interface OpenRequest {
  /** Path of the address, without the query. */
  readonly path: string;
  /** The raw query, without "?". */
  readonly query: string;
  readonly origin: string | undefined;
  /**
   * IP address of the client: that of the other end of the connection or, if that is a trusted proxy, the one that it names
   * in `X-Forwarded-For`. "" if the connection is already gone.
   */
  readonly address: string;
  /** Whether the client uses TLS: on the socket itself, or as a trusted proxy says in `X-Forwarded-Proto`. */
  readonly secure: boolean;
}

/** One HTTP request, read completely. */
export interface HttpRequest {
  readonly method: string;
  /** As on the request line, still percent-encoded, without the query. */
  readonly path: string;
  /** The raw query, without "?". */
  readonly query: string;
  /** As {@link OpenRequest.address}. */
  readonly address: string;
  /** As {@link OpenRequest.secure}. */
  readonly secure: boolean;
  readonly body: Uint8Array;
  /** Returns the value of a header field, or undefined if the request does not have it. `name` is in lower case. */
  header(name: string): string | undefined;
}

/** The open body of a streaming reply. */
export interface ReplyStream {
  write(part: string | Uint8Array): void;
  end(): void;
  /** Bytes written and not yet handed to the operating system. */
  bufferedBytes(): number;
  /** A number that changes whenever the client takes bytes, and at no other time. */
  progress(): number;
}

/** The answer to an HTTP request: complete, or a stream that stays open. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /**
   * Called with the open body after the head and `body` were written. Returns a function that the transport calls when
   * the client disconnects.
   */
  readonly stream?: (stream: ReplyStream) => () => void;
}

/** A request that the transport refuses before a handler sees it, or because the handler failed. */
export type TransportRefusal =
  | "bodyTooLarge"
  | "internal"
  | "invalidPath"
  | "overMemory"
  | "webSocketHandshake"
  | "webSocketVersion";

/** What the head of a request decides: it is refused whatever its body is, or the body may come. */
export type HeadCheck =
  | { readonly ok: false; readonly reply: HttpReply }
  | {
      readonly ok: true;
      /** Whether the head has a signature, and it is right. */
      readonly isSigned: boolean;
    };

/** The known part of a request that is refused before it is complete. */
export type RefusedRequest = Pick<HttpRequest, "method" | "path" | "address">;

/** The server behind a transport. */
export interface TransportHandlers {
  /**
   * A client opened a connection. The upgrade always succeeds: browsers see only close codes, so refusals are closes.
   * The link may be used at once, before this returns.
   */
  open(request: OpenRequest, link: Link): LinkEvents;
  /** Any other request. Never throws or rejects. */
  http(request: HttpRequest): HttpReply | Promise<HttpReply>;
  /**
   * Checks the head of a request. A transport asks before it reads a body that may be long. Never throws.
   *
   * @param request with an empty body.
   */
  checkHead(request: HttpRequest): HeadCheck;
  /** Returns the reply to a request that the transport itself refuses. */
  refusal(id: TransportRefusal, request: RefusedRequest): HttpReply;
  /** Whether a POST to this path is frequent and simple enough for a fast path, if the transport has one. */
  isFastPath(path: string): boolean;
  /**
   * Whether a request to this path is for the server, and not for the pages of a program that shares its HTTP server with it.
   * The path of a WebSocket is not among them.
   */
  isOwnPath(path: string): boolean;
  /** Whether a page of this origin may use the fallback transports of the app that has this key. */
  allowsOrigin(key: string, origin: string): boolean;
  /** Largest accepted body of a request, in bytes; larger ones get the refusal `bodyTooLarge`. */
  readonly maxBodyBytes: number;
  /**
   * Largest accepted message of a client, in bytes; a larger one closes its connection with 1009. It may change while the
   * server runs; open connections may keep the limit with which they opened.
   */
  readonly maxMessageBytes: number;
}

/** Where a transport listens. */
export interface ListenAddress {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

/** One address that a transport listens on. */
export interface Listener {
  /** The bound address; its port is never 0. */
  readonly address: ListenAddress;
  /** Stops accepting; open connections stay. */
  stopAccepting(): void;
  /** Stops accepting, ends every connection that was accepted here, and resolves when the port is free. */
  close(): Promise<void>;
}

/** Sockets and HTTP of one runtime. */
export interface Transport {
  /** "Node.js 20.20.2" or "Bun 1.4.5", for the start banner. */
  readonly runtime: string;
  /** Creates a group of links. `name` is unique among the live topics of the process. */
  createTopic(name: string): Topic;
  /** Starts to listen on one more address. Rejects if the address cannot be bound. */
  listen(address: ListenAddress, handlers: TransportHandlers): Promise<Listener>;
  /**
   * Serves through the HTTP server of the program around it, instead of a listening address of its own. Undefined: the
   * transport was created without one.
   */
  readonly attach?: ((handlers: TransportHandlers) => Listener) | undefined;
  /** Undelivered bytes of all links together. */
  bufferedBytes(): number;
}
