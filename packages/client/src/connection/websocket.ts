import { WebSocket } from "#websocket";
import type { OpenSocket } from "./socket.ts";

/** Whether this runtime has WebSockets. */
export const hasWebSocket: boolean = WebSocket !== undefined;

/** Opens a WebSocket. */
export const openWebSocket: OpenSocket = (url, listener) => {
  const socket = new WebSocket(url);
  socket.onmessage = ({ data }) => listener.message(data);
  socket.onerror = (error) => listener.error(error);
  socket.onclose = ({ code, reason }) => listener.closed(code, reason);
  return {
    send: (text) => socket.send(text),
    close: () => {
      socket.onmessage = socket.onclose = null;
      // Closing a socket that is still opening is reported as an error, which nobody wants to hear.
      socket.onerror = () => {};
      socket.close();
    },
  };
};
