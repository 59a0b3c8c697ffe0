import type { Link } from "@sealcast/server";

/** One message from the server as tests compare it: `data` is decoded if it is JSON text. */
export interface ReceivedFrame {
  readonly event: string;
  readonly channel?: string;
  readonly data: unknown;
  readonly user_id?: string;
}

/** The server's end of a connection whose client is a test. */
export class FakeLink implements Link {
  /** Every message so far, as the wire would carry it. */
  readonly texts: string[] = [];
  /** How the server closed the connection; undefined while it did not. */
  ended: { readonly code: number; readonly reason: string } | undefined;
  /** Messages that came after the close; a server sends none. */
  late = 0;
  #taken = 0;

  send(text: string): void {
    if (this.ended === undefined) this.texts.push(text);
    else this.late += 1;
  }

  close(code: number, reason: string): void {
    this.ended ??= { code, reason };
  }

  /** Nothing waits: the client takes every message at once. */
  unsentBytes(): number {
    return 0;
  }

  /** The messages that came since the last call. */
  take(): ReceivedFrame[] {
    const frames = this.texts.slice(this.#taken).map(readFrame);
    this.#taken = this.texts.length;
    return frames;
  }
}

function readFrame(text: string): ReceivedFrame {
  const frame = JSON.parse(text) as ReceivedFrame;
  return { ...frame, data: decoded(frame.data) };
}

function decoded(data: unknown): unknown {
  if (typeof data !== "string") return data;
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return data;
  }
}
