import type { Link, Topic } from "../../../ports/transport.ts";
import type { BunServer } from "./bun-api.ts";
import type { BunBackPressure } from "./back-pressure.ts";
import { BunLink } from "./websocket-link.ts";
import { LinkTopic } from "../links/link-topic.ts";

/** A topic of Bun for WebSockets, and one of our own for links over plain HTTP. */
export class BunTopic implements Topic {
  readonly #servers: readonly BunServer[];
  readonly #pressure: BunBackPressure;
  readonly #name: string;
  readonly #others = new LinkTopic();

  /** @param servers all that accept connections now; Bun's topics belong to one server each. */
  constructor(servers: readonly BunServer[], pressure: BunBackPressure, name: string) {
    this.#servers = servers;
    this.#pressure = pressure;
    this.#name = name;
  }

  get size(): number {
    return this.#servers.reduce((sum, server) => sum + server.subscriberCount(this.#name), this.#others.size);
  }

  add(link: Link): void {
    if (link instanceof BunLink) link.ws.subscribe(this.#name);
    else this.#others.add(link);
  }

  remove(link: Link): void {
    if (link instanceof BunLink) link.ws.unsubscribe(this.#name);
    else this.#others.remove(link);
  }

  publish(text: string, except: Link | undefined): void {
    // A WebSocket that is not in the topic cannot publish to it.
    const excepted = except instanceof BunLink && except.ws.isSubscribed(this.#name) ? except : undefined;
    for (const server of this.#servers) {
      const publisher = excepted?.server === server ? excepted.ws : server;
      if (publisher.publish(this.#name, text, true) < 0) this.#pressure.watch();
    }
    if (this.#others.size > 0) this.#others.publish(text, except);
  }
}
