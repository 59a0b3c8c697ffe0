import Echo from "laravel-echo";
import { Inbox } from "../fixtures/inbox.ts";
import type { PusherClass, PusherJs } from "../fixtures/pusher-js.ts";
import {
  listenedEvents,
  type CompatAddress,
  type CompatClient,
  type CompatLibrary,
  type Received,
} from "./compat-client.ts";
import { PusherJsClient, pusherJsOptions } from "./pusher-js-client.ts";
import { credentials } from "../fixtures/credentials.ts";

/** Laravel Echo on top of `Pusher`, as Laravel sets it up. */
export function laravelEcho(name: string, Pusher: PusherClass): CompatLibrary {
  return {
    name,
    async connect(address: CompatAddress) {
      const client = new EchoClient(new Pusher(credentials.key, pusherJsOptions(address)));
      await client.connected();
      return client;
    },
  };
}

type EchoChannel = ReturnType<Echo<"pusher">["channel" | "private" | "encryptedPrivate" | "join"]>;

class EchoClient implements CompatClient {
  readonly #echo: Echo<"pusher">;
  /** For what Echo leaves to the library below it. */
  readonly #below: PusherJsClient;
  readonly #inbox = new Inbox<Received>();

  constructor(pusher: PusherJs) {
    this.#below = new PusherJsClient(pusher);
    this.#echo = new Echo<"pusher">({ broadcaster: "pusher", key: credentials.key, client: pusher });
  }

  connected(): Promise<void> {
    return this.#below.connected();
  }

  async subscribe(name: string): Promise<"subscribed" | "refused"> {
    const channel = this.#channel(name);
    for (const event of listenedEvents) {
      channel.on(event, (data: unknown, metadata?: { readonly user_id?: string }) => {
        this.#inbox.put({ channel: name, event, data, userId: metadata?.user_id });
      });
    }
    channel.subscribed(() => this.#inbox.put({ channel: name, event: "subscribed", data: undefined }));
    channel.error((data: unknown) => this.#inbox.put({ channel: name, event: "refused", data }));
    const outcome = await this.#inbox.next(
      ({ channel: of, event }) => of === name && (event === "subscribed" || event === "refused"),
    );
    return outcome.event === "subscribed" ? "subscribed" : "refused";
  }

  subscribeAgain(name: string): void {
    this.#channel(name).subscribe();
  }

  unsubscribe(name: string): void {
    this.#echo.leaveChannel(name);
  }

  trigger(name: string, data: object): boolean {
    const channel = this.#channel(name);
    if (!("whisper" in channel)) return false;
    try {
      channel.whisper("move", data);
      return true;
    } catch {
      return false;
    }
  }

  next(channel: string, event: string): Promise<Received> {
    return this.#inbox.next((received) => received.channel === channel && received.event === event);
  }

  async settled(): Promise<Received[]> {
    await this.#below.settled();
    return this.#inbox.takeAll();
  }

  async reconnected(channels: readonly string[]): Promise<void> {
    for (const channel of channels) {
      await this.#inbox.next((received) => received.channel === channel && received.event === "subscribed");
    }
  }

  close(): void {
    this.#echo.disconnect();
  }

  /** The channel by the method that Echo has for its kind; Echo adds the prefix. */
  #channel(name: string): EchoChannel {
    if (name.startsWith("private-encrypted-"))
      return this.#echo.encryptedPrivate(name.slice("private-encrypted-".length));
    if (name.startsWith("private-")) return this.#echo.private(name.slice("private-".length));
    if (name.startsWith("presence-")) return this.#echo.join(name.slice("presence-".length));
    return this.#echo.channel(name);
  }
}
