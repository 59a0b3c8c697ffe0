import type { AppId } from "@sealcast/protocol";
import type { App } from "../core/app.ts";
import type { HttpReply } from "../ports/transport.ts";
import { refusal } from "./reply.ts";

/** What is known of the messages of the day. */
export interface MessageCounts {
  messagesToday(app: AppId): number;
  /** Seconds until the next day begins. */
  secondsLeftToday(): number;
}

/** Returns the reply that refuses a publish if the app has used its messages of the day. */
export function quotaProblem(counts: MessageCounts, { id, messagesPerDay }: App): HttpReply | undefined {
  if (messagesPerDay === 0 || counts.messagesToday(id) < messagesPerDay) return undefined;
  const seconds = counts.secondsLeftToday();
  const message = `The app has used its ${messagesPerDay} messages of today; it may publish again in ${seconds} seconds`;
  return refusal({ id: "quotaExceeded", message }, { "retry-after": String(seconds) });
}
