// Runs on the thread that `ThreadDispatcher` starts.
import { parentPort, workerData } from "node:worker_threads";
import {
  createThreadAttempts,
  createThreadLog,
  refuseThread,
  serveThread,
} from "./adapters/webhook-dispatcher/serve-thread.ts";
import { createQueueDispatcher, type WebhookSettings } from "./create-queue-dispatcher.ts";

if (parentPort === null) throw new Error("This file is the program of a worker thread");

try {
  const [log, attempted] = [createThreadLog(parentPort), createThreadAttempts(parentPort)];
  serveThread(parentPort, await createQueueDispatcher(workerData as WebhookSettings, log, attempted));
} catch (error) {
  refuseThread(parentPort, error instanceof Error ? error.message : String(error));
}
