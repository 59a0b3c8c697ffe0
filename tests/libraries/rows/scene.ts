import type { Channel, Options } from "pusher-js";
import type { AppBackend } from "../../fixtures/app-backend.ts";
import { credentials } from "../../fixtures/credentials.ts";
import type { PusherClass, PusherJs } from "../../fixtures/pusher-js.ts";
import type { TcpProxy } from "../../fixtures/tcp-proxy.ts";

/** Where both clients find the same server. */
export interface Surroundings {
  readonly backend: AppBackend;
  readonly proxy: TcpProxy;
}

/** A scene with one library: its clients, and everything that its listeners heard, in order. */
export class Scene {
  readonly heard: unknown[] = [];
  readonly backend: AppBackend;
  readonly proxy: TcpProxy;
  readonly Pusher: PusherClass;
  readonly #clients: PusherJs[] = [];
  #changed: (() => void)[] = [];

  constructor(library: PusherClass, { backend, proxy }: Surroundings) {
    this.Pusher = library;
    this.backend = backend;
    this.proxy = proxy;
  }

  /** Makes a client of a user. */
  client(user: string, options: Partial<Options> = {}): PusherJs {
    const client = new this.Pusher(credentials.key, this.options(user, options));
    this.#clients.push(client);
    return client;
  }

  options(user: string, options: Partial<Options> = {}): Options {
    const url = this.backend.url;
    return {
      cluster: "own",
      wsHost: "127.0.0.1",
      wsPort: this.proxy.port,
      httpHost: "127.0.0.1",
      httpPort: this.proxy.port,
      forceTLS: false,
      enabledTransports: ["ws"],
      channelAuthorization: { endpoint: `${url}/pusher/auth`, transport: "ajax", params: { user } },
      userAuthentication: { endpoint: `${url}/pusher/user-auth`, transport: "ajax", params: { user } },
      ...options,
    };
  }

  /** A listener that notes its name and all that it is called with. */
  note(name: string): (...values: unknown[]) => void {
    return (...values) => {
      this.heard.push([name, ...values.map(plain)]);
      for (const changed of this.#changed.splice(0)) changed();
    };
  }

  /** Notes everything that a channel tells, with all arguments. */
  listen(channel: Channel, ...events: readonly string[]): Channel {
    channel.bind_global(this.note(`${channel.name} global`));
    for (const event of events) channel.bind(event, this.note(`${channel.name} ${event}`));
    return channel;
  }

  /** Notes all events of a connection but its messages. */
  listenToConnection(client: PusherJs, name = "connection"): void {
    const events = [
      "state_change",
      "connecting",
      "connected",
      "unavailable",
      "failed",
      "disconnected",
      "connecting_in",
      "error",
    ];
    for (const event of events) client.connection.bind(event, this.note(`${name} ${event}`));
  }

  /** Waits until something has been heard whose text has this in it. */
  async until(text: string): Promise<void> {
    const deadline = Date.now() + 8_000;
    while (!this.heard.some((entry) => JSON.stringify(entry).includes(text))) {
      if (Date.now() > deadline) throw new Error(`${text} did not come: ${JSON.stringify(this.heard, undefined, 1)}`);
      await Promise.race([
        new Promise<void>((resolve) => this.#changed.push(resolve)),
        new Promise((resolve) => setTimeout(resolve, 100)),
      ]);
    }
  }

  /** Waits until a client is connected. */
  connected(client: PusherJs): Promise<void> {
    if (client.connection.state === "connected") return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        client.connection.unbind("connected", done);
        resolve();
      };
      client.connection.bind("connected", done);
    });
  }

  /** Waits until a channel is subscribed. */
  subscribed(channel: Channel): Promise<void> {
    if (channel.subscribed) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        channel.unbind("pusher:subscription_succeeded", done);
        resolve();
      };
      channel.bind("pusher:subscription_succeeded", done);
    });
  }

  /** Waits until everything that the server has sent up to now has arrived. */
  settled(client: PusherJs): Promise<void> {
    return new Promise((resolve) => {
      const done = ({ event }: { readonly event: string }): void => {
        if (event !== "pusher:pong") return;
        client.connection.unbind("message", done);
        resolve();
      };
      client.connection.bind("message", done);
      client.send_event("pusher:ping", {});
    });
  }

  /** Disconnects all clients, quietly. */
  close(): void {
    for (const client of this.#clients) {
      client.connection.unbind_all();
      client.disconnect();
    }
  }
}

/** A copy as JSON would have it, with the ids of connections named and the parts of classes left out. */
function plain(value: unknown): unknown {
  if (value === undefined) return "undefined";
  if (value instanceof Error) return { error: value.message };
  if (typeof value === "object" && value && "myID" in value) {
    const { members, count, myID, me } = value as { members: unknown; count: number; myID: unknown; me: unknown };
    return asJson({ members, count, myID: String(myID), me });
  }
  return asJson(value);
}

function asJson(value: unknown): unknown {
  const text = JSON.stringify(value) ?? "undefined";
  return JSON.parse(text.replaceAll(/\d{3,}\.\d{3,}/g, "SOCKET").replaceAll(/127\.0\.0\.1:\d+/g, "HOST")) as unknown;
}

/** What one row of the table does with a library. */
export interface Row {
  readonly name: string;
  readonly act: (scene: Scene) => Promise<void> | void;
  /** Where ours is meant to differ: why, and what is heard of it instead, entry for entry. */
  readonly differs?: { readonly because: string; readonly ours: (official: readonly unknown[]) => readonly unknown[] };
}

/** Runs something that throws, and notes what it threw. */
export function attempt(scene: Scene, name: string, act: () => unknown): void {
  try {
    scene.note(name)(act());
  } catch (error) {
    scene.note(`${name} throws`)(typeof error === "string" ? error : (error as Error).message);
  }
}

/** The states of a channel as users see them. */
export function noteFlags(scene: Scene, client: PusherJs, name: string): void {
  const { subscribed, subscriptionPending, subscriptionCancelled } = client.channel(name) ?? {};
  scene.note("flags")({ subscribed, subscriptionPending, subscriptionCancelled });
}

/** What was heard, with the advice taken off that `pusher-js` adds to errors of endpoints. */
export function withoutAdvice(official: readonly unknown[]): readonly unknown[] {
  return JSON.parse(JSON.stringify(official).replaceAll(/\. (Clients must|See:)[^"]*/g, "")) as unknown[];
}
