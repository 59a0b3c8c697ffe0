import type { Clock } from "../ports/clock.ts";
import type { HttpSender } from "../ports/http-sender.ts";
import type { Log } from "../ports/log.ts";
import type { Random } from "../ports/random.ts";
import type { Signer } from "../ports/signer.ts";
import type { AttemptListener } from "../ports/webhook-dispatcher.ts";
import type { WebhookQueue } from "../ports/webhook-queue.ts";

/** What sending webhooks works with. */
export interface DispatchPorts {
  readonly queue: WebhookQueue;
  readonly sender: HttpSender;
  readonly clock: Clock;
  readonly random: Random;
  readonly signer: Signer;
  readonly log: Log;
  /** Called after each attempt at a delivery. */
  readonly attempted: AttemptListener;
  /** A new id of a delivery, unlike all others. */
  readonly newId: () => string;
}
