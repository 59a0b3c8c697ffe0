import type { VirtualTime } from "./virtual-time.ts";

/** One event as the HTTP API takes it. */
interface PublishedEvent {
  readonly name: string;
  readonly data: string;
  readonly channel: string;
}

/** What a connection to the broker looks like from its other end. */
export interface BrokerConnection {
  send(text: string): void;
  close(): void;
}

/** How long messages take, in milliseconds: a new random value for each message. */
export type Latency = () => number;

/**
 * A service in memory: takes publishes as `fetch` and connections as objects, delays both, keeps the order of each
 * connection and the last event of cache channels. It knows just as much of the protocol as the simulations need.
 */
export class MemoryBroker {
  readonly #time: VirtualTime;
  readonly #latency: Latency;
  readonly #subscribers = new Map<string, Set<(frame: object) => void>>();
  readonly #cached = new Map<string, PublishedEvent>();
  #connections = 0;

  constructor(time: VirtualTime, latency: Latency) {
    this.#time = time;
    this.#latency = latency;
  }

  /** Answers the HTTP API's publishing and single-channel requests. */
  fetch = async (url: string, init: RequestInit): Promise<Response> => {
    await this.#time.sleep(this.#latency());
    const { pathname } = new URL(url);
    if (init.method === "GET") {
      const kept = this.#cached.get(pathname.split("/").at(-1) ?? "");
      return Response.json({ occupied: true, cache: kept === undefined ? null : { data: kept.data, ttl: 60 } });
    }
    for (const event of eventsOf(init.body)) this.#publish(event);
    await this.#time.sleep(this.#latency());
    return Response.json({});
  };

  /** Opens a connection; `receive` gets each frame's text. */
  connect(receive: (text: string) => void): BrokerConnection {
    this.#connections += 1;
    let arrivalMs = 0;
    const deliver = (frame: object): void => {
      arrivalMs = Math.max(arrivalMs, this.#time.nowMs + this.#latency());
      this.#time.after(() => receive(JSON.stringify(frame)), arrivalMs - this.#time.nowMs);
    };
    deliver({
      event: "pusher:connection_established",
      data: JSON.stringify({ socket_id: `1.${this.#connections}`, activity_timeout: 120 }),
    });
    return {
      send: (text) => void this.#time.after(() => this.#handle(text, deliver), this.#latency()),
      close: () => {
        for (const subscribers of this.#subscribers.values()) subscribers.delete(deliver);
      },
    };
  }

  #handle(text: string, deliver: (frame: object) => void): void {
    const { event, data } = JSON.parse(text) as { event: string; data: { channel: string } };
    if (event !== "pusher:subscribe") return;
    const { channel } = data;
    this.#subscribers.set(channel, (this.#subscribers.get(channel) ?? new Set()).add(deliver));
    deliver({ event: "pusher_internal:subscription_succeeded", channel, data: "{}" });
    const kept = this.#cached.get(channel);
    if (kept !== undefined) deliver({ event: kept.name, channel, data: kept.data });
  }

  #publish(published: PublishedEvent): void {
    const { name, channel, data } = published;
    if (channel.startsWith("private-encrypted-cache-")) this.#cached.set(channel, published);
    for (const deliver of this.#subscribers.get(channel) ?? []) deliver({ event: name, channel, data });
  }
}

function eventsOf(body: RequestInit["body"]): PublishedEvent[] {
  const request = JSON.parse(typeof body === "string" ? body : "{}") as
    | { readonly batch: PublishedEvent[] }
    | (Omit<PublishedEvent, "channel"> & { readonly channels: string[] });
  return "batch" in request ? request.batch : request.channels.map((channel) => ({ ...request, channel }));
}
