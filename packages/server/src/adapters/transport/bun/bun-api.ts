/** What the Bun transport uses of Bun 1.4, written down here so that the server needs no types of another runtime. */
export interface BunApi {
  readonly version: string;
  serve(options: BunServeOptions): BunServer;
}

/** Bun measures idle time in whole seconds, up to this. */
export const maxIdleSeconds = 255;

/** `Bun.serve`: HTTP and WebSocket on one port. */
export interface BunServeOptions {
  readonly hostname: string;
  readonly port: number;
  /** Seconds without traffic after which an HTTP connection is cut; 0–255. */
  readonly idleTimeout: number;
  readonly maxRequestBodySize: number;
  /** By path; `:name` stands for one segment. */
  readonly routes: BunRoutes;
  /** For paths that no route matches. */
  readonly fetch: (request: Request, server: BunServer) => BunAnswer;
  readonly websocket: BunWebSocketHandlers;
}

/** Handlers of the paths of `Bun.serve`. */
export type BunRoutes = Readonly<Record<string, (request: BunRoutedRequest, server: BunServer) => BunAnswer>>;

/** A request that a route matched, with the decoded segments that its `:name`s stand for. */
export type BunRoutedRequest = Request & { readonly params: Readonly<Record<string, string>> };

/** undefined: the request was upgraded. */
export type BunAnswer = Response | Promise<Response> | undefined;

/** A server that listens. */
export interface BunServer {
  readonly hostname: string;
  readonly port: number;
  /** Turns a request into a WebSocket with this `data`. Returns false if it is no upgrade request. */
  upgrade(request: Request, options: { readonly data: unknown; readonly headers?: Record<string, string> }): boolean;
  /** Sends to all subscribers. Returns 0 if there are none, less than 0 if one of them cannot take it at once, else the length. */
  publish(topic: string, text: string, compress: boolean): number;
  subscriberCount(topic: string): number;
  /** The address of the client of a request, or null if it is gone. */
  requestIP(request: Request): { readonly address: string; readonly port: number } | null;
  /** Sets `idleTimeout` for the connection of one request; 0: never. */
  timeout(request: Request, seconds: number): void;
  /** Replaces the handlers. New limits of WebSockets apply only to connections that are upgraded later. */
  reload(options: BunServeOptions): void;
  /** Stops listening; with `true` also ends what is open. */
  stop(closeActive?: boolean): Promise<void>;
}

/** One WebSocket. */
export interface BunWebSocket {
  data: unknown;
  /** 1: open. */
  readonly readyState: number;
  /** As {@link BunServer.publish}. */
  send(text: string, compress: boolean): number;
  /** Sends to all subscribers but this one. */
  publish(topic: string, text: string, compress: boolean): number;
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
  isSubscribed(topic: string): boolean;
  getBufferedAmount(): number;
  close(code: number, reason: string): void;
  terminate(): void;
}

/** What all WebSockets of a server share. */
export interface BunWebSocketHandlers {
  /** Bytes; a larger message closes with 1009. */
  readonly maxPayloadLength: number;
  /** Bytes that may wait for one client. */
  readonly backpressureLimit: number;
  /** If true, Bun closes a connection whose waiting bytes exceed the limit; if false, it drops messages. */
  readonly closeOnBackpressureLimit: boolean;
  /** Seconds of silence until Bun closes; 0: never. */
  readonly idleTimeout: number;
  readonly sendPings: boolean;
  readonly perMessageDeflate: boolean | { readonly compress: "shared"; readonly decompress: "shared" };
  readonly open: (ws: BunWebSocket) => void;
  readonly message: (ws: BunWebSocket, message: string | Uint8Array) => void;
  readonly ping: (ws: BunWebSocket) => void;
  readonly pong: (ws: BunWebSocket) => void;
  readonly close: (ws: BunWebSocket, code: number, reason: string) => void;
}

/** Bun, where it runs this process. */
export const bun: BunApi | undefined = (globalThis as { readonly Bun?: BunApi }).Bun;
