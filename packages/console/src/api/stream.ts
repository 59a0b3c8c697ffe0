import { signal } from "@preact/signals";
import type { EntryType, StreamEvents } from "@sealcast/server/console";
import { apiPath } from "./request.ts";

/** State of the page's own connection to the server. */
export const streamState = signal<"connecting" | "open" | "lost">("connecting");

type Listeners = { readonly [Name in keyof StreamEvents]: (data: StreamEvents[Name]) => void };

/**
 * Opens the stream of one app. The browser reconnects by itself after a cut.
 *
 * @param types kinds of entries that the server sends; others stay on the server.
 * @returns a function that closes the stream.
 */
export function openStream(app: string, types: readonly EntryType[], listeners: Listeners): () => void {
  const query = new URLSearchParams({ types: types.join(",") });
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  function open(): void {
    const opened = new EventSource(`${apiPath}/apps/${encodeURIComponent(app)}/stream?${query}`);
    source = opened;
    opened.addEventListener("open", () => (streamState.value = "open"));
    opened.addEventListener("error", () => {
      streamState.value = "lost";
      // The browser does not try again when the answer is an error, for example while the server restarts behind a proxy.
      if (opened.readyState === EventSource.CLOSED) retry = setTimeout(open, 2_000);
    });
    for (const [name, listener] of Object.entries(listeners)) {
      // The server sends with each name what its listener takes.
      opened.addEventListener(name, ({ data }: MessageEvent<string>) => listener(JSON.parse(data) as never));
    }
  }

  streamState.value = "connecting";
  open();
  return () => {
    clearTimeout(retry);
    source?.close();
  };
}
