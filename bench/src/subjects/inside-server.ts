/**
 * Loaded into a Node.js server before its own code, where a scenario must see what cannot be seen from outside:
 * collects garbage on request, measures the delay of the event loop, and says where processor time goes.
 */
import { Session, type Profiler } from "node:inspector/promises";
import { monitorEventLoopDelay } from "node:perf_hooks";

/** What the harness may ask of a server, with the answers. */
export interface InsideAnswers {
  "collect-garbage": null;
  "heap-bytes": number;
  "start-loop-delay": null;
  "stop-loop-delay": LoopDelay;
  "start-profile": null;
  "stop-profile": Profiler.Profile;
}
export type InsideQuestion = keyof InsideAnswers;

/** Milliseconds beyond the sampling interval. */
export interface LoopDelay {
  readonly p99Ms: number;
  readonly slowestMs: number;
}

const delaySampleMs = 1;
const profileSampleMicros = 250;
const delay = monitorEventLoopDelay({ resolution: delaySampleMs });
const inspector = new Session();

const answers: { readonly [Question in InsideQuestion]: () => Promise<InsideAnswers[Question]> } = {
  async "collect-garbage"() {
    globalThis.gc?.();
    return null;
  },
  async "heap-bytes"() {
    return process.memoryUsage().heapUsed;
  },
  async "start-loop-delay"() {
    delay.reset();
    delay.enable();
    return null;
  },
  async "stop-loop-delay"() {
    delay.disable();
    return { p99Ms: delay.percentile(99) / 1e6 - delaySampleMs, slowestMs: delay.max / 1e6 - delaySampleMs };
  },
  async "start-profile"() {
    inspector.connect();
    await inspector.post("Profiler.enable");
    await inspector.post("Profiler.setSamplingInterval", { interval: profileSampleMicros });
    await inspector.post("Profiler.start");
    return null;
  },
  async "stop-profile"() {
    const { profile } = await inspector.post("Profiler.stop");
    inspector.disconnect();
    return profile;
  },
};

process.on("message", (question: InsideQuestion) => {
  void answers[question]().then((answer) => process.send?.(answer));
});
// Whether the server ends when it is done must not depend on being measured.
process.channel?.unref();
