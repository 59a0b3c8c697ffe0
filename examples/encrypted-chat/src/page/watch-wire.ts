import type { PageSettings } from "../page-settings.ts";

/** A frame of the server. This much can be read without the room's key. */
interface Frame {
  readonly event: string;
  readonly channel?: string;
  readonly data: string;
}

const bytesOf = new TextEncoder();
const reconnectAfterMs = 1_000;

/**
 * Subscribes to the room on a separate connection, without a library and without the room's key, and shows what the server
 * sends: everything that the server itself knows of a message. Connects again after the server or the backend restarted.
 */
export function watchWire(settings: PageSettings, list: HTMLElement): void {
  const { host, port, key, room } = settings;
  const socket = new WebSocket(`ws://${host}:${port}/app/${key}?protocol=7&client=wire-pane&version=1`);
  socket.addEventListener("message", ({ data: text }: MessageEvent<string>) => {
    const frame = JSON.parse(text) as Frame;
    if (frame.event === "pusher:connection_established") {
      const { socket_id: socketId } = JSON.parse(frame.data) as { socket_id: string };
      // Without the backend, try again with a new connection.
      subscribe(socket, room, socketId).catch(() => socket.close());
    } else if (frame.event === "pusher:ping") {
      socket.send(JSON.stringify({ event: "pusher:pong", data: {} }));
    } else if (frame.event === "pusher_internal:subscription_succeeded") {
      list.setAttribute("aria-busy", "false");
    } else if (frame.channel === room && !frame.event.startsWith("pusher_internal:")) {
      list.append(frameItem(text, frame));
      list.scrollTop = list.scrollHeight;
    }
  });
  socket.addEventListener("close", () => setTimeout(() => watchWire(settings, list), reconnectAfterMs));
}

async function subscribe(socket: WebSocket, room: string, socketId: string): Promise<void> {
  const body = new URLSearchParams({ socket_id: socketId, channel_name: room });
  const answer = await fetch("auth", { method: "POST", body });
  // The answer also has the room's key; this pane does not use it.
  const { auth } = (await answer.json()) as { auth: string };
  socket.send(JSON.stringify({ event: "pusher:subscribe", data: { channel: room, auth } }));
}

/** One frame, byte for byte. The encrypted part is marked. */
function frameItem(text: string, { data }: Frame): HTMLLIElement {
  const item = document.createElement("li");
  const size = document.createElement("span");
  size.className = "size";
  size.textContent = `${bytesOf.encode(text).length} bytes`;
  const code = document.createElement("code");
  const ciphertext = ciphertextOf(data);
  const at = text.indexOf(ciphertext);
  const sealed = document.createElement("mark");
  sealed.textContent = ciphertext;
  code.append(text.slice(0, at), sealed, text.slice(at + ciphertext.length));
  item.append(size, code);
  return item;
}

function ciphertextOf(data: string): string {
  const payload = JSON.parse(data) as { ciphertext?: string; sealed?: string };
  return payload.ciphertext ?? payload.sealed ?? "";
}
