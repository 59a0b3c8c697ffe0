import type { IncomingHttpHeaders } from "node:http";
import type { Socket } from "node:net";
import type { HttpRequest, OpenRequest } from "../../../ports/transport.ts";
import type { TrustedProxies } from "./trusted-proxies.ts";

/** The head of a request, as `node:http` and the fast path read it. */
export interface NodeRequestHead {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly socket: Socket;
}

const noBody = new Uint8Array(0);

/** A request to a server of Node.js. Values that few handlers use are looked up on demand. */
export class NodeRequest implements HttpRequest, OpenRequest {
  readonly path: string;
  readonly query: string;
  readonly body: Uint8Array;
  readonly #head: NodeRequestHead;
  readonly #proxies: TrustedProxies;

  constructor(head: NodeRequestHead, proxies: TrustedProxies, body: Uint8Array = noBody) {
    const url = pathAndQueryOf(head.url ?? "/");
    const end = url.indexOf("?");
    this.path = end === -1 ? url : url.slice(0, end);
    this.query = end === -1 ? "" : url.slice(end + 1);
    this.body = body;
    this.#head = head;
    this.#proxies = proxies;
  }

  get method(): string {
    return this.#head.method ?? "GET";
  }

  get origin(): string | undefined {
    return this.#head.headers.origin;
  }

  get address(): string {
    return this.#proxies.clientOf(this.#peer, this.header("x-forwarded-for"));
  }

  get secure(): boolean {
    return "encrypted" in this.#head.socket || this.#proxies.isSecure(this.#peer, this.header("x-forwarded-proto"));
  }

  get #peer(): string {
    return this.#head.socket.remoteAddress ?? "";
  }

  header(name: string): string | undefined {
    const { headers } = this.#head;
    const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
    return Array.isArray(value) ? value.join(", ") : value;
  }
}

/** Returns the path and query of a request target. The target may be an absolute URL (RFC 9112, 3.2.2). */
function pathAndQueryOf(target: string): string {
  return target.startsWith("/") ? target : target.replace(/^https?:\/\/[^/?]*/i, "").replace(/^(?!\/)/, "/");
}
