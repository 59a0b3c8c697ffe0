import type { Link, Topic } from "../../../ports/transport.ts";

/** A topic that sends each message to one link after the other. */
export class LinkTopic implements Topic {
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

  publish(text: string, except: Link | undefined): void {
    for (const link of this.#links) if (link !== except) link.send(text);
  }
}
