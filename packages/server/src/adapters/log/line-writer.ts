import { constants, fstatSync, openSync, write } from "node:fs";
import { Socket } from "node:net";

/** Writes the lines of a log. Never blocks, never throws, and never keeps the process alive. */
export interface LineWriter {
  write(line: string): void;
  /** Resolves when all lines are written, or after `closeTimeoutMs`: a reader that is stuck must not stop the process from ending. */
  close(): Promise<void>;
}

/** How the lines reach the outside. */
export interface LineSink {
  /** Writes text; calls `done` with the number of bytes that were accepted, or with an error. */
  write(text: Buffer, done: (error: NodeJS.ErrnoException | null, accepted: number) => void): void;
}

/** Bytes that wait while the reader is slow; lines beyond them are dropped. */
const maxWaitingBytes = 1_048_576;

/** Pause after the reader accepted nothing. */
const retryMs = 50;

/** Longest time that the end of the process waits for the last lines. */
const closeTimeoutMs = 1_000;

/**
 * Creates a writer. Writes at most one chunk at a time; a chunk that fails, for example because the disk is full, is
 * dropped.
 *
 * @param sink where the lines go.
 * @param dropped is called when lines can be written again, with the number of lines that were dropped before.
 */
export function createLineWriter(sink: LineSink, dropped: (lines: number) => void): LineWriter {
  let waiting: string[] = [];
  let waitingBytes = 0;
  let droppedLines = 0;
  let writing = false;
  let flushed: (() => void) | undefined;

  function writeNext(): void {
    if (waiting.length === 0) {
      flushed?.();
      return;
    }
    const lines = waiting;
    waiting = [];
    waitingBytes = 0;
    writing = true;
    writeAll(Buffer.from(lines.join("")), lines.length);
  }

  function writeAll(chunk: Buffer, lines: number): void {
    sink.write(chunk, (error, accepted) => {
      if (error?.code === "EAGAIN") {
        setTimeout(() => writeAll(chunk, lines), retryMs).unref();
        return;
      }
      if (error === null && accepted < chunk.length) {
        writeAll(chunk.subarray(accepted), lines);
        return;
      }
      writing = false;
      if (error === null) reportDropped();
      else droppedLines += lines;
      writeNext();
    });
  }

  function reportDropped(): void {
    const lines = droppedLines;
    droppedLines = 0;
    if (lines > 0) dropped(lines);
  }

  return {
    write(line) {
      if (waitingBytes + line.length > maxWaitingBytes) {
        droppedLines += 1;
        return;
      }
      waiting.push(line);
      waitingBytes += line.length;
      if (!writing) writeNext();
    },
    close: () =>
      new Promise((resolve) => {
        if (!writing && waiting.length === 0) resolve();
        else {
          flushed = resolve;
          setTimeout(resolve, closeTimeoutMs);
        }
      }),
  };
}

/**
 * Returns a sink for an open file descriptor, such as 2 for standard error. A write to a pipe or a terminal whose reader is
 * stuck would block a thread, and with it the end of the process; so these are written without blocking.
 */
export function sinkOf(fd: number): LineSink {
  const stats = fstatSync(fd);
  if (stats.isSocket() && process.versions.bun === undefined) return socketSink(fd);
  const target = stats.isFIFO() || stats.isCharacterDevice() ? withoutBlocking(fd) : fd;
  return { write: (text, done) => write(target, text, done) };
}

/** Opens the same pipe or device again, so that other programs that use it are not affected. */
function withoutBlocking(fd: number): number {
  try {
    return openSync(`/dev/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return fd;
  }
}

/** A socket cannot be opened again. `net.Socket` writes without blocking, and buffers what the socket does not accept. */
function socketSink(fd: number): LineSink {
  const socket = new Socket({ fd, readable: false, writable: true });
  socket.on("error", () => undefined);
  socket.unref();
  return {
    write(text, done) {
      socket.write(text, (error) => done(error ?? null, text.length));
    },
  };
}
