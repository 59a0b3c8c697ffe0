import type { Link, OutgoingMessage, Topic } from "../../../ports/transport.ts";
import type { BunServer } from "./bun-api.ts";
import type { BunBackPressure } from "./back-pressure.ts";
import { BunLink } from "./websocket-link.ts";
import { OutboxTopic } from "../outbox/outbox-topic.ts";

/** A topic of Bun for WebSockets, and one of our own for links over plain HTTP. */
export class BunTopic implements Topic {
  readonly #server: BunServer;
  readonly #pressure: BunBackPressure;
  readonly #name: string;
  readonly #others = new OutboxTopic();

  constructor(server: BunServer, pressure: BunBackPressure, name: string) {
    this.#server = server;
    this.#pressure = pressure;
    this.#name = name;
  }

  get size(): number {
    return this.#server.subscriberCount(this.#name) + this.#others.size;
  }

  add(link: Link): void {
    if (link instanceof BunLink) link.ws.subscribe(this.#name);
    else this.#others.add(link);
  }

  remove(link: Link): void {
    if (link instanceof BunLink) link.ws.unsubscribe(this.#name);
    else this.#others.remove(link);
  }

  publish(message: OutgoingMessage, except: Link | undefined): void {
    // A WebSocket that is not in the topic cannot publish to it.
    const excepted = except instanceof BunLink && except.ws.isSubscribed(this.#name) ? except.ws : undefined;
    const sent = (excepted ?? this.#server).publish(this.#name, message.text, true);
    if (sent < 0) this.#pressure.watch();
    if (this.#others.size > 0) this.#others.publish(message, except);
  }
}
