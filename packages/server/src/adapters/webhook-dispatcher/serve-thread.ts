import type { MessagePort } from "node:worker_threads";
import { errorLocation } from "../../core/errors/error-location.ts";
import type { Log } from "../../ports/log.ts";
import type { AttemptListener, WebhookDispatcher } from "../../ports/webhook-dispatcher.ts";
import type { ThreadMessage, ThreadRequest } from "./thread-messages.ts";

/** Sends log lines to the thread that writes them. */
export function createThreadLog(port: MessagePort): Log {
  const write = (level: "debug" | "info" | "warn" | "error"): Log["info"] => {
    return (event, fields = {}) => tell(port, { kind: "log", level, event, fields });
  };
  return { level: "debug", debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

/** Tells the other side of each attempt at a delivery. */
export function createThreadAttempts(port: MessagePort): AttemptListener {
  return (attempt, next) => tell(port, { kind: "attempted", attempt, next });
}

/** Lets the other side of a port call a dispatcher. */
export function serveThread(port: MessagePort, dispatcher: WebhookDispatcher): void {
  const answer = async ({ id, method, parameters }: ThreadRequest): Promise<void> => {
    try {
      const call = dispatcher[method] as (...args: readonly unknown[]) => Promise<unknown>;
      tell(port, { kind: "result", id, result: await call.apply(dispatcher, [...parameters]) });
    } catch (error) {
      tell(port, { kind: "failure", id, where: errorLocation(error) });
    }
    if (method === "close") port.close();
  };
  port.on("message", (request: ThreadRequest) => void answer(request));
  tell(port, { kind: "opened" });
}

/** Tells that there is nothing to serve. */
export function refuseThread(port: MessagePort, reason: string): void {
  tell(port, { kind: "unopened", reason });
  port.close();
}

function tell(port: MessagePort, message: ThreadMessage): void {
  port.postMessage(message);
}
