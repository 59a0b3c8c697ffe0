import type { Channel, Options } from "pusher-js";
import { Inbox } from "../fixtures/inbox.ts";
import { localOptions, type PusherClass, type PusherJs } from "../fixtures/pusher-js.ts";
import { credentials } from "../fixtures/credentials.ts";
import {
  listenedEvents,
  type CompatAddress,
  type CompatClient,
  type CompatLibrary,
  type Received,
} from "./compat-client.ts";

/** The options that an app's page would write to use a server of its own. */
export function pusherJsOptions({ serverPort, backendUrl, user }: CompatAddress, more: object = {}): Options {
  return {
    ...localOptions(serverPort),
    channelAuthorization: { endpoint: `${backendUrl}/pusher/auth`, transport: "ajax", params: { user } },
    userAuthentication: { endpoint: `${backendUrl}/pusher/user-auth`, transport: "ajax", params: { user, ...more } },
  };
}

/** A library with the interface of `pusher-js`: the official one or ours. */
export function pusherJs(name: string, Pusher: PusherClass): CompatLibrary {
  return {
    name,
    async connect(address) {
      const client = new PusherJsClient(new Pusher(credentials.key, pusherJsOptions(address)));
      await client.connected();
      return client;
    },
  };
}

/** Drives a `pusher-js` instance. */
export class PusherJsClient implements CompatClient {
  readonly pusher: PusherJs;
  readonly inbox = new Inbox<Received>();

  constructor(pusher: PusherJs) {
    this.pusher = pusher;
  }

  /** Waits for the handshake. */
  connected(): Promise<void> {
    if (this.pusher.connection.state === "connected") return Promise.resolve();
    return new Promise((resolve) => {
      const onConnected = (): void => {
        this.pusher.connection.unbind("connected", onConnected);
        resolve();
      };
      this.pusher.connection.bind("connected", onConnected);
    });
  }

  subscribe(name: string): Promise<"subscribed" | "refused"> {
    return this.watch(this.pusher.subscribe(name));
  }

  /** Listens to a channel. Returns the outcome of its subscription. */
  async watch(channel: Channel): Promise<"subscribed" | "refused"> {
    const put = (event: string, data: unknown, userId?: string): void => {
      this.inbox.put({ channel: channel.name, event, data, userId });
    };
    for (const event of listenedEvents) {
      channel.bind(event, (data: unknown, metadata?: { readonly user_id?: string }) => {
        put(event, data, metadata?.user_id);
      });
    }
    for (const event of ["pusher:subscription_succeeded", "pusher:subscription_error"]) {
      channel.bind(event, (data: unknown) => put(event, data));
    }
    const outcome = await this.inbox.next(
      ({ channel: name, event }) => name === channel.name && event.startsWith("pusher:subscription_"),
    );
    return outcome.event === "pusher:subscription_succeeded" ? "subscribed" : "refused";
  }

  subscribeAgain(channel: string): void {
    this.pusher.subscribe(channel);
  }

  unsubscribe(channel: string): void {
    this.pusher.unsubscribe(channel);
  }

  trigger(channel: string, data: object): boolean {
    try {
      return this.pusher.channel(channel).trigger("client-move", data);
    } catch {
      return false;
    }
  }

  next(channel: string, event: string): Promise<Received> {
    return this.inbox.next((received) => received.channel === channel && received.event === event);
  }

  async settled(): Promise<Received[]> {
    await new Promise<void>((resolve) => {
      const onMessage = ({ event }: { readonly event: string }): void => {
        if (event !== "pusher:pong") return;
        this.pusher.connection.unbind("message", onMessage);
        resolve();
      };
      this.pusher.connection.bind("message", onMessage);
      this.pusher.send_event("pusher:ping", {});
    });
    return this.inbox.takeAll();
  }

  async reconnected(channels: readonly string[]): Promise<void> {
    for (const channel of channels) await this.next(channel, "pusher:subscription_succeeded");
  }

  close(): void {
    this.pusher.disconnect();
  }
}
