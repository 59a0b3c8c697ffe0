import type { Socket, SocketListener } from "./socket.ts";

/** A WebSocket class: that of the browser, of `ws`, or any other with these members. */
export type WebSocketClass = new (url: string) => WebSocketLike;

/** The members of a WebSocket that the client uses. Getters return `unknown` so that the types of every class match. */
export interface WebSocketLike {
  get onmessage(): unknown;
  set onmessage(listener: ((event: { readonly data: unknown }) => void) | null);
  get onerror(): unknown;
  set onerror(listener: (error: unknown) => void);
  get onclose(): unknown;
  set onclose(listener: ((event: { readonly code: number; readonly reason: string }) => void) | null);
  send(text: string): void;
  close(): void;
}

/** Opens a WebSocket with this class. */
export function openWebSocket(WebSocket: WebSocketClass, url: string, listener: SocketListener): Socket {
  const socket = new WebSocket(url);
  let failure: unknown;
  socket.onmessage = ({ data }) => listener.message(data);
  socket.onerror = (error) => {
    failure = error;
    listener.error(error);
  };
  socket.onclose = ({ code, reason }) => listener.closed(code, reason, failure);
  return {
    send: (text) => socket.send(text),
    close: () => {
      socket.onmessage = socket.onclose = null;
      // Closing a socket that is still opening reports an error, which nobody needs.
      socket.onerror = () => {};
      socket.close();
    },
  };
}
