import { randomBytes } from "../random-bytes.ts";
import { textOf } from "../untrusted.ts";
import type { Socket, SocketListener } from "./socket.ts";

/** Means "closed without a close frame", as in the WebSocket API. */
const noCloseFrame = 1006;

/**
 * Opens a connection over plain HTTP, with the frames of SockJS. One request at a time receives: with `streaming` it stays
 * open, otherwise it ends with each batch of messages. Other requests send, one after the other, to keep the order.
 */
export function openHttpSocket(url: string, listener: SocketListener, streaming: boolean): Socket {
  const [, origin = "", path = "", query = ""] = /^([a-z]+:\/\/[^/]+)([^?]*)(.*)$/i.exec(url) ?? [];
  let base = origin;
  const session = newSession();
  const abort = new AbortController();
  const unsent: string[] = [];
  let opened = false;
  let sending = false;
  let requests = 0;

  const post = async (name: string, search: string, body?: string): Promise<Response> => {
    requests += 1;
    const response = await fetch(`${base}${path}/${session}/${name}${search}t=${Date.now()}&n=${requests}`, {
      method: "POST",
      signal: abort.signal,
      ...(body && { body, headers: { "Content-Type": "application/json" } }),
    });
    if (!response.ok) throw new Error(`Unexpected HTTP status ${response.status}`);
    listener.activity();
    return response;
  };

  const close = (code: number, reason: string, error?: unknown): void => {
    if (abort.signal.aborted) return;
    abort.abort();
    listener.closed(code, reason, error);
  };
  const interrupted = (error: unknown): void => close(noCloseFrame, "Connection interrupted", error);

  /** Sends the waiting texts. An empty list is the ping of this transport. */
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
      const { hostname } = (content ?? {}) as { readonly hostname?: string };
      if (hostname) base = base.replace(/(:\/\/)(\[.*\]|[^:]*)/, (_, slashes: string) => slashes + hostname);
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
      const response = await post(streaming ? "xhr_streaming" : "xhr", `${query}&`);
      for await (const line of streaming ? linesOf(response) : (await response.text()).split("\n")) {
        listener.activity();
        if (!abort.signal.aborted) read(line);
      }
      // Something else has answered, such as a login page: another request would lead to the same answer.
      if (!opened) throw new Error("The answer is not a session of the protocol");
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

/** Yields the lines of an answer while it arrives. */
async function* linesOf(response: Response): AsyncGenerator<string> {
  // The `fetch` of React Native cannot stream: polling is the transport there.
  if (!response.body) throw new Error("The fetch of this platform cannot stream answers");
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    const lines = (rest + decoder.decode(chunk.value, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

/** Returns a name of three digits and eight letters that nobody can guess: who knows it can read the messages. */
function newSession(): string {
  const bytes = randomBytes(11);
  const digits = Array.from(bytes.subarray(0, 3), (byte) => byte % 10);
  const letters = Array.from(bytes.subarray(3), (byte) => (byte % 32).toString(32));
  return `${digits.join("")}/${letters.join("")}`;
}
