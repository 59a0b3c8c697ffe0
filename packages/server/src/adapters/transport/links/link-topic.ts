import type { Link, Topic } from "../../../ports/transport.ts";
import { SessionLink } from "./session-link.ts";

/** A topic that sends each message to one link after the other. */
export class LinkTopic implements Topic {
  readonly #links = new Set<Link>();
  /**
   * Links that frame messages in their own way before they pass them on to another link. They come last: so neither they nor
   * the others stop sharing what they are sent.
   */
  #framing: Set<Link> | undefined;

  get size(): number {
    return this.#links.size + (this.#framing?.size ?? 0);
  }

  add(link: Link): void {
    if (link instanceof SessionLink) this.#links.add(link);
    else (this.#framing ??= new Set()).add(link);
  }

  remove(link: Link): void {
    if (!this.#links.delete(link)) this.#framing?.delete(link);
  }

  publish(text: string, except: Link | undefined): void {
    for (const link of this.#links) if (link !== except) link.send(text);
    if (this.#framing === undefined) return;
    for (const link of this.#framing) if (link !== except) link.send(text);
  }
}
