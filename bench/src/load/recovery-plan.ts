import { clientFrame } from "./client-frame.ts";

/** What subscribers have missed, and get when they subscribe. */
export interface RecoveryPlan {
  /** Position of the last event that they have, by channel. */
  readonly after: Readonly<Record<string, EventPosition>>;
  /** Events of each channel since then. */
  readonly missed: number;
}

/** Position of a kept event. */
export interface EventPosition {
  readonly epoch: string;
  readonly offset: number;
}

/** The request for what was missed on a channel. It comes before the subscription. */
export function recoverFrames(channel: string, recovery: RecoveryPlan | undefined): Buffer[] {
  const after = recovery?.after[channel];
  return after === undefined ? [] : [clientFrame(JSON.stringify({ event: "sealcast:recover", channel, data: after }))];
}

/** Number of messages that answer a subscription: its success, each missed event and its position, and the last position. */
export function messagesOf(recovery: RecoveryPlan | undefined): number {
  return recovery === undefined ? 1 : 2 + 2 * recovery.missed;
}
