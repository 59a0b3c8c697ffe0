import type { Clock } from "../ports/clock.ts";
import type { ReplyStream } from "../ports/transport.ts";
import type { LogEntry, StreamEvents } from "./contract.ts";

/** How often collected entries are sent, in milliseconds. */
const roundMs = 100;
/** Most entries of one round: 2,000 a second. */
const maxPerRound = 200;
/** If so many bytes wait, the page does not keep up and entries are left out. */
const maxWaitingBytes = 262_144;

/** Sends log entries to one page as server-sent events, at a bounded rate; says how many it left out. */
export class EntryStream {
  readonly #stream: ReplyStream;
  readonly #stopRounds: () => void;
  #entries: LogEntry[] = [];
  #dropped = 0;

  constructor(stream: ReplyStream, clock: Pick<Clock, "every">) {
    this.#stream = stream;
    this.#stopRounds = clock.every(roundMs, () => this.#sendRound());
  }

  add(entry: LogEntry): void {
    if (this.#entries.length < maxPerRound) this.#entries.push(entry);
    else this.#dropped += 1;
  }

  /** Counts entries that another node has left out. */
  addDropped(count: number): void {
    this.#dropped += count;
  }

  /** Sends something else than entries, unless the page does not keep up. */
  send<Name extends keyof StreamEvents>(name: Name, data: StreamEvents[Name]): void {
    if (this.#stream.bufferedBytes() < maxWaitingBytes) this.#write(name, data);
  }

  stop(): void {
    this.#stopRounds();
  }

  #sendRound(): void {
    if (this.#stream.bufferedBytes() >= maxWaitingBytes) {
      this.#dropped += this.#entries.length;
      this.#entries = [];
      return;
    }
    if (this.#dropped > 0) this.#write("dropped", { count: this.#dropped });
    this.#dropped = 0;
    if (this.#entries.length === 0) return;
    this.#write("entries", this.#entries);
    this.#entries = [];
  }

  #write<Name extends keyof StreamEvents>(name: Name, data: StreamEvents[Name]): void {
    this.#stream.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }
}
