import { frameDeflated } from "./deflated-frame.ts";
import { frameText } from "./text-frame.ts";

/** One message, framed once for all connections that receive it. */
export class MessageFrame {
  readonly text: string;
  /** A WebSocket text frame. */
  readonly plain: Uint8Array;
  #deflated: Uint8Array | undefined;

  constructor(text: string) {
    this.text = text;
    this.plain = frameText(text);
  }

  /** A frame for clients that accept compressed messages. */
  get deflated(): Uint8Array {
    this.#deflated ??= frameDeflated(this.text, this.plain);
    return this.#deflated;
  }
}
