import type { Turns } from "../core/turns.ts";

/** Length from which a string is parsed by itself, in bytes. */
const longBytes = 16 * 1_024;
/** Length of a piece of such a string, in bytes: decoding and parsing it takes about a millisecond. */
const pieceBytes = 256 * 1_024;
/** Bytes that are searched before others may be served. */
const searchBytes = 256 * 1_024;

const quotationMark = 0x22;
const backslash = 0x5c;
const letterU = 0x75;
/** Bytes of an escape such as `\u00e9`, and of all others. */
const [unicodeEscapeBytes, escapeBytes] = [6, 2];

/** A long string in the bytes of a JSON text. */
export interface LongString {
  /** Index of its opening quotation mark. */
  readonly start: number;
  /** Index of its closing quotation mark. */
  readonly end: number;
  /** Where further pieces begin: never inside of an escape or of a character. */
  readonly cuts: readonly number[];
}

/** Returns the long strings of a JSON text in their order. What is no JSON is found when its parts are parsed. */
export async function findLongStrings(json: Uint8Array, turns: Turns): Promise<readonly LongString[]> {
  const search = new LongStringSearch(json);
  while (!search.isDone) {
    search.searchNext();
    if (!turns.hasTime()) await turns.next();
  }
  return search.found;
}

/** Returns the bytes of each piece of a string, without its quotation marks. */
export function piecesOf(json: Uint8Array, { start, end, cuts }: LongString): readonly Uint8Array[] {
  const starts = [start + 1, ...cuts];
  return starts.map((from, index) => json.subarray(from, starts[index + 1] ?? end));
}

class LongStringSearch {
  readonly found: LongString[] = [];
  readonly #json: Uint8Array;
  #at = 0;
  /** Index of the opening quotation mark, inside of a string. */
  #start: number | undefined;
  #cuts: number[] = [];

  constructor(json: Uint8Array) {
    this.#json = json;
  }

  get isDone(): boolean {
    return this.#at >= this.#json.length;
  }

  searchNext(): void {
    const end = Math.min(this.#json.length, this.#at + searchBytes);
    while (this.#at < end) {
      if (this.#start === undefined) this.#searchStart(end);
      else this.#searchEnd(this.#start, end);
    }
  }

  #searchStart(end: number): void {
    const distance = this.#json.subarray(this.#at, end).indexOf(quotationMark);
    if (distance !== -1) this.#start = this.#at + distance;
    this.#at = distance === -1 ? end : this.#at + distance + 1;
  }

  /** Searches until the string or a piece of it ends. */
  #searchEnd(start: number, end: number): void {
    const json = this.#json;
    const cutFrom = (this.#cuts.at(-1) ?? start) + pieceBytes;
    let at = this.#at;
    for (; at < end; at += 1) {
      const byte = json[at] ?? 0;
      if (byte === quotationMark) return this.#ended(start, at);
      if (at >= cutFrom && beginsCharacter(byte)) {
        this.#cuts.push(at);
        break;
      }
      if (byte === backslash) at += (json[at + 1] === letterU ? unicodeEscapeBytes : escapeBytes) - 1;
    }
    this.#at = at;
  }

  #ended(start: number, end: number): void {
    if (end - start >= longBytes) this.found.push({ start, end, cuts: this.#cuts });
    if (this.#cuts.length > 0) this.#cuts = [];
    this.#start = undefined;
    this.#at = end + 1;
  }
}

/** Whether a byte of UTF-8 is the first one of a character. */
function beginsCharacter(byte: number): boolean {
  return byte < 0x80 || byte >= 0xc0;
}
