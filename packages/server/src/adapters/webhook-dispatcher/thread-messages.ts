import type { LogFields, LogLevel } from "../../ports/log.ts";
import type { WebhookAttempt, WebhookNext } from "../../ports/webhook-queue.ts";
import type { WebhookDispatcher } from "../../ports/webhook-dispatcher.ts";

/** What the thread is asked to do: one call of a method of its dispatcher. */
export interface ThreadRequest {
  readonly id: number;
  readonly method: keyof WebhookDispatcher;
  readonly parameters: readonly unknown[];
}

/** What the thread tells: that it is there, an attempt at a delivery, the answer to a request, or a log line. */
export type ThreadMessage =
  | { readonly kind: "attempted"; readonly attempt: WebhookAttempt; readonly next: WebhookNext["kind"] }
  | { readonly kind: "opened" }
  | { readonly kind: "unopened"; readonly reason: string }
  | { readonly kind: "result"; readonly id: number; readonly result: unknown }
  | { readonly kind: "failure"; readonly id: number; readonly where: string }
  | {
      readonly kind: "log";
      readonly level: Exclude<LogLevel, "silent">;
      readonly event: string;
      readonly fields: LogFields;
    };
