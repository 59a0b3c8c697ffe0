import type { Socket } from "node:net";

/** Who reads a socket. */
export interface SocketOwner {
  read(chunk: Buffer): void;
  /** Whether a client that has sent everything still gets an answer. The owner then ends the connection. */
  readonly isAnswering?: boolean;
  /** The connection is gone. */
  ended(): void;
}

const owner = Symbol("owner");

interface OwnedSocket extends Socket {
  [owner]?: SocketOwner | undefined;
}

/**
 * Makes `next` the owner of a socket, in place of an earlier one. All sockets share the same listeners, which stay when the
 * owner changes: listeners of its own, or removed ones, cost a socket several hundred bytes. A socket whose client has sent
 * everything and waits for no answer, or that fails, is ended.
 */
export function ownSocket(socket: Socket, next: SocketOwner): void {
  const owned: OwnedSocket = socket;
  const isOwned = owned[owner] !== undefined;
  owned[owner] = next;
  if (isOwned) return;
  socket.on("data", read);
  socket.on("end", end);
  socket.on("error", destroy);
  socket.on("close", ended);
}

/** Leaves a socket to others, which add listeners of their own. */
export function releaseSocket(socket: Socket): void {
  (socket as OwnedSocket)[owner] = undefined;
  socket.off("data", read);
  socket.off("end", end);
  socket.off("error", destroy);
  socket.off("close", ended);
}

function read(this: OwnedSocket, chunk: Buffer): void {
  this[owner]?.read(chunk);
}

function end(this: OwnedSocket): void {
  if (this[owner]?.isAnswering !== true) this.end();
}

function destroy(this: OwnedSocket): void {
  this.destroy();
}

function ended(this: OwnedSocket): void {
  this[owner]?.ended();
}
