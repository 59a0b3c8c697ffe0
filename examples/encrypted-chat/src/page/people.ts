import type { PageSettings } from "../page-settings.ts";
import type { Person } from "../room-events.ts";
import type { ChatClient } from "./chat-client.ts";

interface Member {
  readonly id: string;
  readonly info: Person;
}

/** How long a user counts as typing after the last key, in milliseconds, and how often that is sent at most. */
const typingMs = 3_000;

/**
 * Shows who is here and who is typing. Beside an encrypted room the server sees names and typing marks, because this channel is
 * not encrypted; beside a sealed room it sees neither.
 */
export class People {
  readonly #channel: ReturnType<ChatClient["subscribe"]>;
  readonly #names = new Map<string, string>();
  readonly #typing = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #me: string;
  readonly #line: HTMLElement;
  #lastSent = -Infinity;

  constructor(client: ChatClient, { id, people }: PageSettings, line: HTMLElement) {
    this.#me = id;
    this.#line = line;
    this.#channel = client.subscribe(people);
    this.#channel.bind(
      "pusher:subscription_succeeded",
      (members: { each(callback: (member: Member) => void): void }) => {
        this.#names.clear();
        members.each((member) => this.#names.set(member.id, member.info.name));
        this.#show();
      },
    );
    this.#channel.bind("pusher:member_added", ({ id: member, info }: Member) => {
      this.#names.set(member, info.name);
      this.#show();
    });
    this.#channel.bind("pusher:member_removed", ({ id: member }: Member) => {
      this.#names.delete(member);
      this.#stopTyping(member);
    });
    this.#channel.bind("client-typing", ({ id: member }: { id: string }) => {
      clearTimeout(this.#typing.get(member));
      this.#typing.set(
        member,
        setTimeout(() => this.#stopTyping(member), typingMs),
      );
      this.#show();
    });
  }

  /** Sends that this user is typing, at most once in three seconds. */
  typing(): void {
    if (performance.now() - this.#lastSent < typingMs) return;
    this.#lastSent = performance.now();
    this.#channel.trigger("client-typing", { id: this.#me });
  }

  /** The user has sent the message: the next key sends the mark at once. */
  sent(): void {
    this.#lastSent = -Infinity;
  }

  #stopTyping(id: string): void {
    clearTimeout(this.#typing.get(id));
    this.#typing.delete(id);
    this.#show();
  }

  #show(): void {
    const others = [...this.#names].filter(([id]) => id !== this.#me);
    const typing = others.filter(([id]) => this.#typing.has(id)).map(([, name]) => name);
    const here = others.map(([, name]) => name).toSorted();
    const present = here.length === 0 ? "Nobody else is here: open a second tab" : `Here: ${here.join(", ")}`;
    this.#line.textContent = typing.length === 0 ? present : `${present} · ${typing.join(", ")} typing…`;
  }
}
