import type { Activity, ActivityKind } from "../core/activity.ts";
import type { Log, LogFields, LogLevel } from "../ports/log.ts";
import type { Observer } from "../ports/observer.ts";
import { logLines } from "./log-lines.ts";

const levels: readonly LogLevel[] = ["debug", "info", "warn", "error", "silent"];

/** Writes a line for each activity that the log tells of at its level. */
export function createLogObserver(log: Log): Observer {
  const lowest = levels.indexOf(log.level);
  const lines = new Map(
    Object.entries(logLines as Readonly<Record<string, AnyLine>>).filter(
      ([, { level }]) => levels.indexOf(level) >= lowest,
    ),
  );
  return {
    wants: (kind: ActivityKind) => lines.has(kind),
    observe(activity) {
      const line = lines.get(activity.kind);
      if (line !== undefined) log[line.level](line.event, line.fields(activity));
    },
  };
}

/** A line whose kind of activity is only known at run time. The table pairs each line with its kind. */
interface AnyLine {
  readonly level: Exclude<LogLevel, "silent">;
  readonly event: string;
  readonly fields: (activity: Activity) => LogFields;
}
