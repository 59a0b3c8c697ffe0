import { textOf } from "../fields-of.ts";
import type { Socket, SocketListener } from "./socket.ts";

/** Stands for "closed without a word", as in the WebSocket API. */
const noCloseFrame = 1006;

/**
 * Opens a line over plain HTTP, with the frames of SockJS. One request at a time receives: with `streaming` it goes on
 * and on, otherwise it ends with each batch of messages. Others send, one after the other, so that none overtakes.
 */
export function openHttpSocket(url: string, listener: SocketListener, streaming: boolean): Socket {
  const address = new URL(url);
  const session = newSession();
  const abort = new AbortController();
  const unsent: string[] = [];
  let opened = false;
  let sending = false;
  let requests = 0;

  const post = async (name: string, query: string, body?: string): Promise<Response> => {
    requests += 1;
    const response = await fetch(
      `${address.origin}${address.pathname}/${session}/${name}${query}t=${Date.now()}&n=${requests}`,
      {
        method: "POST",
        signal: abort.signal,
        ...(body && { body, headers: { "Content-Type": "application/json" } }),
      },
    );
    if (!response.ok) throw new Error(String(response.status));
    listener.activity();
    return response;
  };

  const close = (code: number, reason: string): void => {
    if (abort.signal.aborted) return;
    abort.abort();
    listener.closed(code, reason);
  };
  const interrupted = (): void => close(noCloseFrame, "Connection interrupted");

  /** Sends what there is to send; an empty list is the transport's ping. */
  const flush = async (): Promise<void> => {
    if (sending) return;
    sending = true;
    do await post("xhr_send", "?", JSON.stringify(unsent.splice(0)));
    while (unsent.length);
    sending = false;
  };
  const send = (): void => void flush().catch(interrupted);

  const read = (frame: string): void => {
    const kind = frame[0];
    const content: unknown = kind !== "h" && frame.length > 1 ? JSON.parse(frame.slice(1)) : undefined;
    if (kind === "o") {
      if (opened) return close(noCloseFrame, "Server lost session");
      opened = true;
      address.hostname = (content as { readonly hostname?: string } | undefined)?.hostname ?? address.hostname;
    } else if (kind === "h") {
      if (streaming && opened) send();
    } else if (kind === "c") {
      const [code, reason] = content as readonly unknown[];
      close(Number(textOf(code)), textOf(reason));
    } else if (kind === "a" || kind === "m") {
      for (const message of [content].flat()) if (!abort.signal.aborted) listener.message(message);
    }
  };

  const receive = async (): Promise<void> => {
    while (!abort.signal.aborted) {
      const response = await post(streaming ? "xhr_streaming" : "xhr", `${address.search}&`);
      for await (const line of streaming ? linesOf(response) : (await response.text()).split("\n")) {
        listener.activity();
        if (!abort.signal.aborted) read(line);
      }
      // Somebody else has answered, such as a login page: asking on and on would lead to nothing else.
      if (!opened) throw new Error("No session");
    }
  };
  receive().catch(interrupted);

  return {
    send: (text) => {
      unsent.push(text);
      send();
    },
    ping: send,
    close: () => abort.abort(),
  };
}

/** The lines of an answer, as they come in. */
async function* linesOf(response: Response): AsyncGenerator<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (let chunk = await reader?.read(); chunk && !chunk.done; chunk = await reader?.read()) {
    const lines = (rest + decoder.decode(chunk.value, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

/** A name of three digits and eight letters that nobody guesses: whoever knows it can read along. */
function newSession(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(11));
  const digits = Array.from(bytes.subarray(0, 3), (byte) => byte % 10);
  const letters = Array.from(bytes.subarray(3), (byte) => (byte % 32).toString(32));
  return `${digits.join("")}/${letters.join("")}`;
}
