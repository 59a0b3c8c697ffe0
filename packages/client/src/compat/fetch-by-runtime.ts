import { sendRequest } from "../auth/send-request.ts";
import { createXHR, runtime } from "./runtime.ts";

/**
 * Sends a request, with the `Pusher.Runtime.createXHR` that the application has set. Answers have only what the client
 * reads.
 */
export const fetchByRuntime = ((url: string, init: RequestInit) =>
  sendRequest(url, init, runtime.createXHR !== createXHR && runtime.createXHR)) as unknown as typeof fetch;
