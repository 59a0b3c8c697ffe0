import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { WebSocketServer, type Server as ServerOf } from "ws";
import type { HttpReply, TransportHandlers } from "../../../ports/transport.ts";
import { chosenSubProtocol, handshakeProblem } from "../http/websocket-handshake.ts";
import { isRelativePath } from "../http/path-problem.ts";
import type { TrustedProxies } from "../http/trusted-proxies.ts";
import { NodeRequest, type NodeRequestHead } from "../http/node-request.ts";
import type { OpenLinks } from "../links/open-links.ts";
import type { SockJs } from "../sockjs/sockjs.ts";
import { acceptHandshake } from "./accept-handshake.ts";
import { closeTimeoutMs } from "./close-frame.ts";
import { CompressedLink, LinkedWebSocket } from "./compressed-link.ts";
import { dropNarrowOffer, sharedDeflate } from "./compression.ts";
import { releaseSocket } from "./fast-path/socket-owner.ts";
import { responseHead } from "./fast-path/response-head.ts";
import { readInPieces } from "./paced-reader.ts";
import { PlainLink } from "./plain-link.ts";
import type { SocketLink } from "./socket-link.ts";

const noBytes = Buffer.alloc(0);

/** Turns requests for a WebSocket into links. */
export class WebSocketUpgrades {
  readonly #links: OpenLinks;
  readonly #proxies: TrustedProxies;
  readonly #handlers: TransportHandlers;
  readonly #sockJs: SockJs;
  /** Reads and writes compressed frames; undefined: compression is not offered. */
  readonly #compressing: ServerOf<typeof LinkedWebSocket> | undefined;

  /** @param compression whether clients may ask for compressed messages. */
  constructor(
    links: OpenLinks,
    proxies: TrustedProxies,
    handlers: TransportHandlers,
    sockJs: SockJs,
    compression: boolean,
  ) {
    this.#links = links;
    this.#proxies = proxies;
    this.#handlers = handlers;
    this.#sockJs = sockJs;
    this.#compressing = compression ? compressingServer() : undefined;
  }

  /** Answers a handshake, and opens a link if it is valid. `early`: what the client has sent after it. */
  handshake(request: NodeRequestHead, early: Buffer): void {
    const { socket } = request;
    const read = new NodeRequest(request, this.#proxies);
    const problem = isRelativePath(read.path)
      ? "invalidPath"
      : handshakeProblem(read.method, (name) => read.header(name));
    if (problem !== undefined) {
      refuseHandshake(socket, this.#handlers.refusal(problem, read));
      return;
    }
    // The answer to the upgrade and the greeting leave in one write.
    socket.cork();
    readInPieces(socket, early);
    if (this.#compressing === undefined) this.#open(this.#acceptPlain(request, read), read);
    else this.#acceptCompressed(this.#compressing, request, (link) => this.#open(link, read));
    socket.uncork();
  }

  #acceptPlain({ socket }: NodeRequestHead, read: NodeRequest): SocketLink {
    const header = (name: string): string | undefined => read.header(name);
    socket.write(acceptHandshake(header("sec-websocket-key") ?? "", chosenSubProtocol(header)));
    return new PlainLink(this.#links, socket, this.#handlers.maxMessageBytes);
  }

  #acceptCompressed(
    server: ServerOf<typeof LinkedWebSocket>,
    request: NodeRequestHead,
    opened: (link: SocketLink) => void,
  ): void {
    const { socket, headers } = request;
    releaseSocket(socket);
    // It may list several protocols.
    headers.upgrade = "websocket";
    dropNarrowOffer(headers);
    server.options.maxPayload = this.#handlers.maxMessageBytes;
    // Of a request, `ws` reads only method and headers.
    server.handleUpgrade(request as IncomingMessage, socket, noBytes, (ws) =>
      opened(new CompressedLink(this.#links, ws, socket)),
    );
  }

  #open(link: SocketLink, read: NodeRequest): void {
    this.#links.open(link, read, this.#sockJs);
    link.flushNow();
  }
}

/** Answers a handshake, and ends its connection. */
function refuseHandshake(socket: Socket, reply: HttpReply): void {
  const end = (): void => void socket.destroy();
  socket.on("error", end);
  socket.end(`${responseHead(reply)}connection: close\r\n\r\n${String(reply.body)}`, end);
}

function compressingServer(): ServerOf<typeof LinkedWebSocket> {
  const options = {
    noServer: true,
    clientTracking: false,
    // Not in the type yet.
    closeTimeout: closeTimeoutMs,
    perMessageDeflate: sharedDeflate,
    WebSocket: LinkedWebSocket,
    handleProtocols: (offered: ReadonlySet<string>) => chosenSubProtocol(() => [...offered].join(",")) ?? false,
  } as const;
  return new WebSocketServer(options);
}
