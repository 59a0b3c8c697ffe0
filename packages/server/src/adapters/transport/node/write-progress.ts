import type { Socket } from "node:net";

/** The part of a socket's handle that shows how much of the current write the operating system has not taken yet. */
interface WriteHandle {
  readonly writeQueueSize?: number;
}

/**
 * Returns a number that changes whenever the operating system takes bytes of a socket, also in the middle of a large
 * write, which `writableLength` does not show. `node:net` detects progress in the same way for its own timeouts.
 */
export function writeProgress(socket: Socket): number {
  const { _handle: handle } = socket as Socket & { readonly _handle?: WriteHandle | null };
  return socket.bytesWritten - socket.writableLength - (handle?.writeQueueSize ?? 0);
}
