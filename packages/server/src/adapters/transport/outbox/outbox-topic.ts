import type { Link, OutgoingMessage, Topic } from "../../../ports/transport.ts";

/** A topic of links that collect their own messages: publishing is one `send` to each. */
export class OutboxTopic implements Topic {
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
