import type {
  HttpReply,
  HttpRequest,
  Link,
  ListenAddress,
  OpenRequest,
  OutgoingMessage,
  Topic,
  Transport,
  TransportHandlers,
} from "@sealcast/server";
import { FakeClient } from "./fake-client.ts";

/** A transport without sockets. */
export class FakeTransport implements Transport {
  readonly runtime = "test";
  /** What `bufferedBytes` tells. */
  buffered = 0;
  #handlers: TransportHandlers | undefined;
  #accepting = false;

  get accepting(): boolean {
    return this.#accepting;
  }

  /** Largest body that the server wants to read. */
  get maxBodyBytes(): number {
    return this.#running().maxBodyBytes;
  }

  /** Opens a connection; refused ones have an `ended` link. */
  connect(request: Partial<OpenRequest> = {}): FakeClient {
    return new FakeClient(this.#running(), {
      path: "/app/app-key",
      query: "protocol=7&client=js&version=8.6.0&flash=false",
      origin: undefined,
      secure: false,
      ...request,
    });
  }

  /** Sends a request. */
  async request(request: Partial<HttpRequest>): Promise<HttpReply> {
    return this.#running().http({
      method: "GET",
      path: "/",
      query: "",
      origin: undefined,
      secure: false,
      body: new Uint8Array(0),
      ...request,
    });
  }

  createTopic(): Topic {
    return new FakeTopic();
  }

  listen(address: ListenAddress, handlers: TransportHandlers): Promise<ListenAddress> {
    this.#handlers = handlers;
    this.#accepting = true;
    return Promise.resolve(address);
  }

  bufferedBytes(): number {
    return this.buffered;
  }

  stopAccepting(): void {
    this.#accepting = false;
  }

  close(): Promise<void> {
    this.#accepting = false;
    return Promise.resolve();
  }

  #running(): TransportHandlers {
    if (this.#handlers === undefined) throw new Error("Cannot reach the server: it does not listen yet");
    return this.#handlers;
  }
}

class FakeTopic implements Topic {
  readonly #links = new Set<Link>();

  get size(): number {
    return this.#links.size;
  }

  add(link: Link): void {
    this.#links.add(link);
  }

  remove(link: Link): void {
    this.#links.delete(link);
  }

  publish(message: OutgoingMessage, except: Link | undefined): void {
    for (const link of this.#links) if (link !== except) link.send(message);
  }
}
