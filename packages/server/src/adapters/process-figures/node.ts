import { monitorEventLoopDelay } from "node:perf_hooks";
import type { ProcessFigures } from "../../ports/process-figures.ts";

const resolutionMs = 10;
const nanosecondsPerMs = 1_000_000;
const microsecondsPerSecond = 1_000_000;

/** Reads figures of this process. The measurement of delays begins with the first reading; each reader needs its own. */
export function createProcessFigures(): ProcessFigures {
  const startedSeconds = performance.timeOrigin / 1_000;
  let delays: ReturnType<typeof monitorEventLoopDelay> | undefined;
  const readDelayMs = (): number => {
    if (delays === undefined) {
      delays = monitorEventLoopDelay({ resolution: resolutionMs });
      delays.enable();
      return 0;
    }
    const delayMs = delays.percentile(99) / nanosecondsPerMs - resolutionMs;
    delays.reset();
    return Number.isFinite(delayMs) ? Math.max(0, delayMs) : 0;
  };
  return {
    memoryBytes: () => process.memoryUsage.rss(),
    read() {
      const { user, system } = process.cpuUsage();
      const { rss, heapUsed } = process.memoryUsage();
      return {
        memoryBytes: rss,
        heapUsedBytes: heapUsed,
        cpuSeconds: (user + system) / microsecondsPerSecond,
        startedSeconds,
        loopDelayMs: readDelayMs(),
      };
    },
  };
}
