/**
 * Sends the commands of one turn of the event loop together, and holds later ones back until these are answered: they then go
 * together, too. A write to a socket and a read cost more than the commands in them, so that a busy server pays for them once
 * per batch. A single command does not wait.
 */
export class CommandBatches {
  #unanswered = 0;
  /** Whether commands still join the batch: it is written at the end of the turn. */
  #isOpen = false;
  #held: (() => void)[] = [];
  readonly #close = (): void => {
    this.#isOpen = false;
  };

  /**
   * Sends a command now, or together with others a little later. Commands keep their order.
   *
   * @param send sends it. Call `answered` when it is answered or refused.
   */
  add(send: () => void): void {
    if (this.#unanswered === 0) this.#open();
    if (this.#isOpen) this.#send(send);
    else this.#held.push(send);
  }

  /** A command was answered or refused. */
  answered(): void {
    this.#unanswered -= 1;
    if (this.#unanswered > 0 || this.#held.length === 0) return;
    const held = this.#held;
    this.#held = [];
    this.#open();
    for (const send of held) this.#send(send);
  }

  #open(): void {
    this.#isOpen = true;
    setImmediate(this.#close);
  }

  #send(send: () => void): void {
    this.#unanswered += 1;
    send();
  }
}
