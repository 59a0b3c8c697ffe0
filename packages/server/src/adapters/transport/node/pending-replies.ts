import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/**
 * The replies that connections still wait for. `node:http` reports a pipelined upgrade while replies to earlier requests of
 * the connection are pending; without waiting for them, they would land in the middle of the new protocol.
 */
export class PendingReplies {
  readonly #counts = new WeakMap<Socket, number>();
  readonly #waiting = new WeakMap<Socket, () => void>();

  /** Counts the reply to a request until it was written, or its connection is gone. */
  add({ socket }: IncomingMessage, response: ServerResponse): void {
    this.#counts.set(socket, this.#countOf(socket) + 1);
    response.once("close", () => {
      const left = this.#countOf(socket) - 1;
      this.#counts.set(socket, left);
      if (left > 0 || socket.destroyed) return;
      const task = this.#waiting.get(socket);
      this.#waiting.delete(socket);
      task?.();
    });
  }

  /** Runs the task once the connection waits for no reply. Until then, nothing more of it is read. */
  whenDone(socket: Socket, task: () => void): void {
    if (this.#countOf(socket) === 0) {
      task();
      return;
    }
    // What is read now would come before the bytes that the task puts back.
    socket.pause();
    this.#waiting.set(socket, () => {
      task();
      socket.resume();
    });
    // `node:http` no longer listens, and an error without a listener would end the process.
    socket.on("error", () => socket.destroy());
  }

  #countOf(socket: Socket): number {
    return this.#counts.get(socket) ?? 0;
  }
}
