import type { AcceptResult } from "./connection-runs.ts";
import type { DialectName } from "./dialect.ts";
import type { LatencyPlan, LatencyResult } from "./latency-run.ts";
import type { PublishPlan, PublishResult } from "./publish-run.ts";
import type { RecoveryPlan } from "./recovery-plan.ts";

/** Which channels a subscriber joins. */
export type ChannelPlan =
  /** All join the same `count` channels, named by `channelName`. */
  | { readonly kind: "shared"; readonly count: number }
  /** Each joins one of `count` channels, in turn. */
  | { readonly kind: "spread"; readonly count: number };

/** Name of the benchmark's channel `i`. */
export const channelName = (i: number): string => `bench-${i}`;

/** What the harness can have a load process do, with what it needs and what it answers. */
export interface Orders {
  /** Chooses the servers for all further orders: connections are spread over them in turn. */
  target: { readonly ask: { readonly ports: readonly number[]; readonly dialect: DialectName }; readonly answer: null };
  /** Connects and subscribes this many more. */
  grow: {
    readonly ask: { readonly subscribers: number; readonly channels: ChannelPlan; readonly recovery?: RecoveryPlan };
    readonly answer: { readonly seconds: number };
  };
  /** Hangs up on all. */
  close: { readonly ask: null; readonly answer: null };
  /** Publishes a few events and reads them as a client would; fails unless exactly they arrive, in order. */
  verify: { readonly ask: null; readonly answer: null };
  /** Keeps connections that were silent for long from being asked whether they live; for the time between runs. */
  "show-life": { readonly ask: null; readonly answer: null };
  publish: { readonly ask: PublishPlan; readonly answer: PublishResult & { readonly loadCpuShare: number } };
  latency: { readonly ask: LatencyPlan; readonly answer: LatencyResult };
  accept: { readonly ask: { readonly seconds: number }; readonly answer: AcceptResult };
  churn: {
    readonly ask: { readonly seconds: number; readonly concurrency: number };
    readonly answer: { readonly lives: number };
  };
}

export type OrderName = keyof Orders;

/** What travels between the harness and a load process. */
export interface OrderMessage {
  readonly id: number;
  readonly name: OrderName;
  readonly ask: Orders[OrderName]["ask"];
}
export type AnswerMessage =
  | { readonly id: number; readonly answer: Orders[OrderName]["answer"] }
  | { readonly id: number; readonly failure: string };
