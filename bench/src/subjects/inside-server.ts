/**
 * Loaded into a Node.js server before its own code, where a scenario must see what cannot be seen from outside:
 * collects garbage on request, and measures the delay of the event loop.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";

/** What the harness may ask of a server. */
export type InsideQuestion = "collect-garbage" | "start-loop-delay" | "stop-loop-delay";

/** Answer to `stop-loop-delay`, in milliseconds beyond the sampling interval; nulls to the other questions. */
export interface InsideAnswer {
  readonly p99Ms: number | null;
  readonly slowestMs: number | null;
}

const sampleMs = 1;
const delay = monitorEventLoopDelay({ resolution: sampleMs });

process.on("message", (question: InsideQuestion) => process.send?.(answer(question)));
// Whether the server ends when it is done must not depend on being measured.
process.channel?.unref();

function answer(question: InsideQuestion): InsideAnswer {
  const nothing = { p99Ms: null, slowestMs: null };
  switch (question) {
    case "collect-garbage":
      globalThis.gc?.();
      return nothing;
    case "start-loop-delay":
      delay.reset();
      delay.enable();
      return nothing;
    case "stop-loop-delay":
      delay.disable();
      return { p99Ms: delay.percentile(99) / 1e6 - sampleMs, slowestMs: delay.max / 1e6 - sampleMs };
  }
}
