import type { Activity, ActivityKind } from "../core/monitoring/activity.ts";
import type { Log, LogFields, LogLevel } from "../ports/log.ts";
import type { Observer } from "../ports/observer.ts";
import type { Clock } from "../ports/clock.ts";
import { LineLimit, type LeftOut } from "./line-limit.ts";
import { logLines } from "./log-lines.ts";

const levels: readonly LogLevel[] = ["debug", "info", "warn", "error", "silent"];

/** An observer that has something to say when the server ends. */
export interface ClosableObserver extends Observer {
  close(): void;
}

/** The cause of lines that are limited. */
interface Cause {
  readonly event: string;
  readonly fields: LogFields;
}

/**
 * Writes a line for each activity that the log tells of at its level. Of lines with the same cause, only the first ones of
 * each minute are written; `log.left_out` then tells how many there were.
 */
export function createLogObserver(log: Log, clock: Pick<Clock, "after">): ClosableObserver {
  const lowest = levels.indexOf(log.level);
  const lines = new Map(
    Object.entries(logLines as Readonly<Record<string, AnyLine>>).filter(
      ([, { level }]) => levels.indexOf(level) >= lowest,
    ),
  );
  const limit = new LineLimit<Cause>(clock, (leftOut) => reportLeftOut(log, leftOut));

  function isLeftOut({ event, cause }: AnyLine, activity: Activity): boolean {
    if (cause === undefined) return false;
    const fields = cause(activity);
    return !limit.take(JSON.stringify([event, fields]), { event, fields });
  }

  return {
    wants: (kind: ActivityKind) => lines.has(kind),
    observe(activity) {
      const line = lines.get(activity.kind);
      if (line === undefined || isLeftOut(line, activity)) return;
      log[line.level](line.event, line.fields(activity));
    },
    close: () => limit.endPeriod(),
  };
}

function reportLeftOut(log: Log, leftOut: readonly LeftOut<Cause>[]): void {
  for (const { cause, lines } of leftOut) log.info("log.left_out", { of: cause.event, ...cause.fields, lines });
}

/** A line whose kind of activity is only known at run time. The table pairs each line with its kind. */
interface AnyLine {
  readonly level: Exclude<LogLevel, "silent">;
  readonly event: string;
  readonly fields: (activity: Activity) => LogFields;
  readonly cause?: (activity: Activity) => LogFields;
}
