import type { Message } from "../room-events.ts";
import { MessageCount } from "./message-count.ts";

/** The messages of the room on the page, in the order of their numbers. Shows each number once. */
export class MessageList {
  readonly #list: HTMLElement;
  readonly #me: string;
  #count = new MessageCount();
  #run = 0;

  constructor(list: HTMLElement, me: string) {
    this.#list = list;
    this.#me = me;
  }

  /** A backend that started again numbers from 1, and the page counts with it. */
  #isNew({ run, number }: Message): boolean {
    if (run < this.#run) return false;
    if (run > this.#run) {
      this.#run = run;
      this.#count = new MessageCount();
    }
    return this.#count.add(number);
  }

  get received(): number {
    return this.#count.received;
  }

  get sent(): number {
    return this.#count.sent;
  }

  /** Adds a decrypted event. Another publisher with the key may send anything; it is shown as JSON. */
  add(decrypted: unknown): void {
    const message = isMessage(decrypted) ? decrypted : undefined;
    if (message !== undefined && !this.#isNew(message)) return;
    const item = document.createElement("li");
    item.className = message?.from === this.#me ? "own" : "other";
    // What has no number stays behind what arrived before it.
    const newest = this.#list.lastElementChild;
    const place = message === undefined ? placeOf(newest) : `${message.run} ${`${message.number}`.padStart(9, "0")}`;
    item.dataset["place"] = place;
    const author = document.createElement("span");
    author.className = "author";
    author.textContent = message?.from ?? "another publisher";
    const text = document.createElement("p");
    text.textContent = message?.text ?? JSON.stringify(decrypted);
    item.append(author, text);
    if (message !== undefined) item.append(timeOf(message));
    // Messages of the history may arrive after newer ones.
    const later = [...this.#list.children].find((other) => placeOf(other) > place);
    this.#list.insertBefore(item, later ?? null);
    this.#list.scrollTop = this.#list.scrollHeight;
  }
}

/** Texts in the order of runs and numbers. */
function placeOf(item: Element | null): string {
  return (item as HTMLElement | null)?.dataset["place"] ?? "";
}

function timeOf({ sentAt }: Message): HTMLTimeElement {
  const time = document.createElement("time");
  const date = new Date(sentAt);
  time.dateTime = date.toISOString();
  time.textContent = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return time;
}

function isMessage(value: unknown): value is Message {
  if (typeof value !== "object" || value === null) return false;
  const { from, text, sentAt, number, run } = value as Record<string, unknown>;
  return (
    typeof from === "string" &&
    typeof text === "string" &&
    typeof sentAt === "number" &&
    typeof number === "number" &&
    typeof run === "number"
  );
}
