import { setTimeout as wait } from "node:timers/promises";
import type { LogEntry, StreamEvents } from "@sealcast/server/console";
import { CommandFailure } from "../command-failure.ts";
import { resolveTarget, type TargetOptions } from "../target/resolve-target.ts";
import { untilInterrupted } from "../until-interrupted.ts";
import { ask, openConsoleSession, reasonOf } from "./console-session.ts";
import { parseEventStream } from "./event-stream.ts";
import { logLine, passes } from "./log-line.ts";

/** Options of `tail`. */
interface TailOptions extends TargetOptions {
  readonly json?: boolean;
  readonly type?: readonly string[];
  readonly prefix?: string;
  readonly event?: string;
  readonly count?: number;
  readonly operator?: string;
}

/** How long to wait before the log is asked for again, in milliseconds. */
const reconnectMs = 1_000;

/** Prints the live log of the console until the process is interrupted, or until `count` entries are printed. */
export async function runTail(options: TailOptions): Promise<void> {
  const { httpUrl, appId } = await resolveTarget(options);
  const { entryTypes } = await import("@sealcast/server/console");
  const unknown = options.type?.find((type) => !entryTypes.some((known) => known === type));
  if (unknown !== undefined) {
    throw new CommandFailure(`There are no entries of the type ${unknown}. Types: ${entryTypes.join(", ")}.`);
  }
  const api = `${httpUrl}/console/api`;
  const headers = await openConsoleSession(api, options.operator);
  const types = (options.type ?? entryTypes).join(",");
  const url = `${api}/apps/${encodeURIComponent(appId)}/stream?types=${types}`;
  const stop = new AbortController();
  let printed = 0;
  const print = (entry: LogEntry): void => {
    if (stop.signal.aborted || !passes(entry, options)) return;
    process.stdout.write(logLine(entry, options.json));
    printed += 1;
    if (printed === options.count) stop.abort();
  };
  void untilInterrupted().then(() => stop.abort());
  for (let connected = false; !stop.signal.aborted; connected = true) {
    try {
      if (connected) await wait(reconnectMs, undefined, { signal: stop.signal });
      await follow(await ask(url, { headers, signal: stop.signal }), print);
      process.stderr.write("The server ended the stream. Connecting again.\n");
    } catch (error) {
      if (stop.signal.aborted) return;
      // After the first connection, the server is probably restarting.
      if (!connected || isRefusal(error)) throw error;
    }
  }
}

/** Prints what a stream sends, until it ends. */
async function follow(answer: Response, print: (entry: LogEntry) => void): Promise<void> {
  if (!answer.ok || answer.body === null) throw new RefusedStream(await reasonOf(answer));
  process.stderr.write("Connected.\n");
  for await (const { name, data } of parseEventStream(answer.body)) {
    if (name === "entries") (JSON.parse(data) as StreamEvents["entries"]).forEach(print);
    if (name === "dropped") {
      const { count } = JSON.parse(data) as StreamEvents["dropped"];
      process.stderr.write(`${count} entries were left out: more happens than can be shown.\n`);
    }
  }
}

/** The console refused the stream: another attempt would be refused, too. */
class RefusedStream extends CommandFailure {}

function isRefusal(error: unknown): boolean {
  return error instanceof RefusedStream;
}
