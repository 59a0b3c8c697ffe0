import type { Channel, Options } from "pusher-js";
import type { AppBackend } from "../../fixtures/app-backend.ts";
import { credentials } from "../../fixtures/credentials.ts";
import type { PusherClass, PusherJs } from "../../fixtures/pusher-js.ts";
import type { TcpProxy } from "../../fixtures/tcp-proxy.ts";
import { pusherJsOptions } from "../pusher-js-client.ts";

/** The server that the clients of both libraries use. */
export interface Surroundings {
  readonly backend: AppBackend;
  readonly proxy: TcpProxy;
}

/** Clients of one library, and every event that their listeners received, in order. */
export class Recorder {
  readonly events: unknown[] = [];
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

  /** Creates a client of a user. */
  client(user: string, options: Partial<Options> = {}): PusherJs {
    const client = new this.Pusher(credentials.key, this.options(user, options));
    this.#clients.push(client);
    return client;
  }

  options(user: string, options: Partial<Options> = {}): Options {
    const address = { serverPort: this.proxy.port, backendUrl: this.backend.url, user };
    return { ...pusherJsOptions(address), ...options };
  }

  /** Returns a listener that records its name and its arguments. */
  record(name: string): (...values: unknown[]) => void {
    return (...values) => {
      this.events.push([name, ...values.map(plain)]);
      for (const changed of this.#changed.splice(0)) changed();
    };
  }

  /** Records all events of a channel, with all arguments. */
  listen(channel: Channel, ...events: readonly string[]): Channel {
    channel.bind_global(this.record(`${channel.name} global`));
    for (const event of events) channel.bind(event, this.record(`${channel.name} ${event}`));
    return channel;
  }

  /** Records all events of a connection except its messages. */
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
    for (const event of events) client.connection.bind(event, this.record(`${name} ${event}`));
  }

  /** Waits for an event whose text contains `text`. */
  async until(text: string): Promise<void> {
    const deadline = Date.now() + 8_000;
    while (!this.events.some((entry) => JSON.stringify(entry).includes(text))) {
      if (Date.now() > deadline)
        throw new Error(`No event contains ${text}: ${JSON.stringify(this.events, undefined, 1)}`);
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

  /** Disconnects all clients without further events. */
  close(): void {
    for (const client of this.#clients) {
      client.connection.unbind_all();
      client.disconnect();
    }
  }
}

/** Returns a copy as JSON, with placeholders for socket ids, without the private parts of classes. */
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
  readonly act: (recorder: Recorder) => Promise<void> | void;
  /** An intended difference of our library: the reason, and the events that it emits instead. */
  readonly differs?: { readonly because: string; readonly ours: (official: readonly unknown[]) => readonly unknown[] };
}

/** Runs `act` and records its result or what it throws. */
export function attempt(recorder: Recorder, name: string, act: () => unknown): void {
  try {
    recorder.record(name)(act());
  } catch (error) {
    recorder.record(`${name} throws`)(typeof error === "string" ? error : (error as Error).message);
  }
}

/** Records the public state flags of a channel. */
export function recordFlags(recorder: Recorder, client: PusherJs, name: string): void {
  const { subscribed, subscriptionPending, subscriptionCancelled } = client.channel(name) ?? {};
  recorder.record("flags")({ subscribed, subscriptionPending, subscriptionCancelled });
}

/** Returns the events without the advice that `pusher-js` adds to errors of endpoints. */
export function withoutAdvice(official: readonly unknown[]): readonly unknown[] {
  return JSON.parse(JSON.stringify(official).replaceAll(/\. (Clients must|See:)[^"]*/g, "")) as unknown[];
}
