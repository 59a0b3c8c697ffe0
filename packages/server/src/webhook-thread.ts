// Runs on the thread that `ThreadDispatcher` starts.
import { parentPort, workerData } from "node:worker_threads";
import { createThreadLog, refuseThread, serveThread } from "./adapters/webhook-dispatcher/serve-thread.ts";
import { createQueueDispatcher, type WebhookSettings } from "./create-queue-dispatcher.ts";

if (parentPort === null) throw new Error("This file is the program of a worker thread");

try {
  serveThread(parentPort, createQueueDispatcher(workerData as WebhookSettings, createThreadLog(parentPort)));
} catch (error) {
  refuseThread(parentPort, error instanceof Error ? error.message : String(error));
}
