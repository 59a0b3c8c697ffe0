import {
  LinkTopic,
  type HttpReply,
  type HttpRequest,
  type ListenAddress,
  type Listener,
  type OpenRequest,
  type Topic,
  type Transport,
  type TransportHandlers,
} from "@sealcast/server";
import { FakeClient } from "./fake-client.ts";

/** A request as tests write it. */
export type FakeRequest = Partial<Omit<HttpRequest, "header">> & {
  readonly headers?: Readonly<Record<string, string | undefined>>;
};

/** A reply whose body was decoded. */
export type TextReply = HttpReply & { readonly body: string };

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

  /** Largest body that the server accepts. */
  get maxBodyBytes(): number {
    return this.#running().maxBodyBytes;
  }

  /** Opens a connection; refused ones have an `ended` link. */
  connect(request: Partial<OpenRequest> = {}): FakeClient {
    return new FakeClient(this.#running(), {
      path: "/app/app-key",
      query: "protocol=7&client=js&version=8.6.0&flash=false",
      origin: undefined,
      address: "192.0.2.1",
      secure: false,
      ...request,
    });
  }

  /** Sends a request; `headers` have names in lower case. */
  async request({ headers = {}, ...request }: FakeRequest): Promise<TextReply> {
    const reply = await this.#running().http({
      method: "GET",
      path: "/",
      query: "",
      address: "192.0.2.1",
      secure: false,
      body: new Uint8Array(0),
      header: (name) => headers[name],
      ...request,
    });
    return { ...reply, body: typeof reply.body === "string" ? reply.body : new TextDecoder().decode(reply.body) };
  }

  createTopic(): Topic {
    return new LinkTopic();
  }

  listen(address: ListenAddress, handlers: TransportHandlers): Promise<Listener> {
    this.#handlers = handlers;
    this.#accepting = true;
    const stop = (): void => {
      this.#accepting = false;
    };
    return Promise.resolve({ address, stopAccepting: stop, close: () => Promise.resolve(stop()) });
  }

  bufferedBytes(): number {
    return this.buffered;
  }

  #running(): TransportHandlers {
    if (this.#handlers === undefined) throw new Error("Cannot reach the server: it does not listen yet");
    return this.#handlers;
  }
}
