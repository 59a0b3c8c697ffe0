import type { LogEntry } from "@sealcast/server/console";

/**
 * The newest log entries, and those of them that match a filter. Memory is bounded: the oldest entries leave first.
 * Appending costs time in proportion to what is appended.
 */
export class EntryBuffer {
  readonly #most: number;
  #entries: LogEntry[] = [];
  #matching: LogEntry[] = [];
  #matches: (entry: LogEntry) => boolean = () => true;

  /** @param most how many entries are kept. */
  constructor(most: number) {
    this.#most = most;
  }

  /** All entries, oldest first. */
  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  /** The entries that match the filter, oldest first. */
  get matching(): readonly LogEntry[] {
    return this.#matching;
  }

  append(added: readonly LogEntry[]): void {
    this.#entries.push(...added);
    this.#matching.push(...added.filter(this.#matches));
    // A tenth of slack, so that the arrays are not moved at each append.
    if (this.#entries.length <= this.#most * 1.1) return;
    const leaving = new Set(this.#entries.splice(0, this.#entries.length - this.#most));
    const staying = this.#matching.findIndex((entry) => !leaving.has(entry));
    this.#matching.splice(0, staying === -1 ? this.#matching.length : staying);
  }

  filter(matches: (entry: LogEntry) => boolean): void {
    this.#matches = matches;
    this.#matching = this.#entries.filter(matches);
  }

  clear(): void {
    this.#entries = [];
    this.#matching = [];
  }
}
