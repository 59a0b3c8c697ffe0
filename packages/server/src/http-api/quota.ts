import type { App } from "../core/apps/app.ts";
import { usedUp, type MessageCounts } from "../core/publishing/message-quota.ts";
import type { HttpReply } from "../ports/transport.ts";
import { refusal } from "./reply.ts";

/** Returns the reply that refuses a publish if the app has used its messages of the day. */
export function quotaProblem(counts: MessageCounts, app: App): HttpReply | undefined {
  const used = usedUp(counts, app);
  return used && refusal({ id: "quotaExceeded", message: used.message }, { "retry-after": String(used.seconds) });
}
