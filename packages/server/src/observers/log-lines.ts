import type { Activity, ActivityKind } from "../core/monitoring/activity.ts";
import type { LogFields, LogLevel } from "../ports/log.ts";

/** How the log tells of one kind of activity. */
export interface LogLine<A extends Activity> {
  readonly level: Exclude<LogLevel, "silent">;
  /** Stable name of the line. */
  readonly event: string;
  /** Never payloads, secrets or signatures. */
  readonly fields: (activity: A) => LogFields;
  /**
   * What lines of the same cause have in common: out of a small set, never text of a client. Lines with a cause are limited,
   * see `LineLimit`.
   */
  readonly cause?: (activity: A) => LogFields;
}

type LogLines = { readonly [K in ActivityKind]?: LogLine<Extract<Activity, { readonly kind: K }>> };

/** Every activity that the log tells of. */
export const logLines: LogLines = {
  "connection-opened": {
    level: "debug",
    event: "connection.opened",
    fields: ({ app, socketId, address, origin, sdk }) => ({ app, socketId, address, origin, sdk }),
  },
  "connection-refused": {
    level: "info",
    event: "connection.refused",
    fields: ({ app, key, code, reason, address, origin }) => ({ app, key, code, reason, address, origin }),
    cause: ({ app, code }) => ({ app, code }),
  },
  "connection-closed": {
    level: "debug",
    event: "connection.closed",
    fields: ({ app, socketId, code, reason, lifetimeMs }) => ({ app, socketId, code, reason, lifetimeMs }),
  },
  "message-refused": {
    level: "debug",
    event: "message.refused",
    fields: ({ app, socketId, error }) => ({ app, socketId, error }),
  },
  "request-refused": {
    level: "info",
    event: "request.refused",
    fields: ({ app, method, path, address, status, message }) => ({
      app,
      method,
      path: path.slice(0, 200),
      status,
      reason: reasonOf(message),
      address,
    }),
    cause: ({ app, status }) => ({ app, status }),
  },
  "connection-failed": {
    level: "error",
    event: "session.failed",
    fields: ({ app, socketId, where }) => ({ app, socketId, where }),
  },
  "request-failed": {
    level: "error",
    event: "request.failed",
    fields: ({ where }) => ({ where }),
  },
  "announcement-failed": {
    level: "error",
    event: "subscription_count.failed",
    fields: ({ app, where }) => ({ app, where }),
  },
  "engine-unavailable": {
    level: "warn",
    event: "engine.unavailable",
    fields: () => ({}),
  },
  "engine-ready": {
    level: "info",
    event: "engine.ready",
    fields: () => ({}),
  },
  "operator-acted": {
    level: "info",
    event: "console.operator_acted",
    fields: ({ operator, action, app, subject, outcome, status }) => {
      return { operator, action, app, subject, outcome, status };
    },
  },
  draining: {
    level: "info",
    event: "server.draining",
    fields: ({ connections, seconds }) => ({ connections, seconds }),
  },
};

/** The text behind "Invalid signature" repeats the query, where data of an event may be. */
function reasonOf(message: string): string {
  return message.replace(/^(Invalid signature): .*$/s, "$1").slice(0, 200);
}
