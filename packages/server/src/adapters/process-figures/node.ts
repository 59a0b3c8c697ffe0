import { monitorEventLoopDelay } from "node:perf_hooks";
import type { ProcessFigures } from "../../ports/process-figures.ts";

const resolutionMs = 10;
const nanosecondsPerMs = 1_000_000;

/** Reads figures of this process. The measurement of delays begins with the first reading. */
export function createProcessFigures(): ProcessFigures {
  let delays: ReturnType<typeof monitorEventLoopDelay> | undefined;
  return {
    read() {
      const loopDelayMs =
        delays === undefined ? 0 : Math.max(0, delays.percentile(99) / nanosecondsPerMs - resolutionMs);
      if (delays === undefined) {
        delays = monitorEventLoopDelay({ resolution: resolutionMs });
        delays.enable();
      } else delays.reset();
      return { memoryBytes: process.memoryUsage.rss(), loopDelayMs: Number.isFinite(loopDelayMs) ? loopDelayMs : 0 };
    },
  };
}
