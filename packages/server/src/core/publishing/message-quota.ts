import type { AppId } from "@sealcast/protocol";
import type { App } from "../apps/app.ts";

/** What is known of the messages of the day. */
export interface MessageCounts {
  messagesToday(app: AppId): number;
  /** Seconds until the next day begins. */
  secondsLeftToday(): number;
}

/** An app has used its messages of the day. */
export interface UsedUp {
  readonly message: string;
  /** Until it may send again. */
  readonly seconds: number;
}

/** Decides whether an app has used its messages of the day; undefined: it may send. */
export function usedUp(counts: MessageCounts, { id, messagesPerDay }: App): UsedUp | undefined {
  if (messagesPerDay === 0 || counts.messagesToday(id) < messagesPerDay) return undefined;
  const seconds = counts.secondsLeftToday();
  return {
    message: `The app has used its ${messagesPerDay} messages of today; it may publish again in ${seconds} seconds`,
    seconds,
  };
}
