/** Texts that a pool remembers. */
const maxTexts = 1_000;

/** Keeps one copy of equal texts that many connections hold. */
export class TextPool {
  readonly #texts = new Map<string, string>();

  /** Returns a text that is equal to `text`: the first one that was shared, as far as the pool remembers. */
  share(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    if (this.#texts.size >= maxTexts) this.#texts.clear();
    this.#texts.set(text, text);
    return text;
  }
}
