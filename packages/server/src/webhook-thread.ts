// Runs on the thread that `ThreadDispatcher` starts.
import { parentPort, workerData, type MessagePort } from "node:worker_threads";
import {
  createThreadAttempts,
  createThreadLog,
  refuseThread,
  serveThread,
} from "./adapters/webhook-dispatcher/serve-thread.ts";
import { createQueueDispatcher, type WebhookSettings } from "./create-queue-dispatcher.ts";

if (parentPort === null) throw new Error("This file is the program of a worker thread");
void serve(parentPort);

async function serve(port: MessagePort): Promise<void> {
  try {
    const [log, attempted] = [createThreadLog(port), createThreadAttempts(port)];
    serveThread(port, await createQueueDispatcher(workerData as WebhookSettings, log, attempted));
  } catch (error) {
    refuseThread(port, error instanceof Error ? error.message : String(error));
  }
}
