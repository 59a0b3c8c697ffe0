import { loggedTarget } from "../core/webhooks/webhook-target.ts";
import { errorLocation } from "../core/errors/error-location.ts";
import type { WebhookOffer } from "../core/webhooks/webhook-offer.ts";
import type { WebhookDispatcher, WebhookRecipient, WebhookRecipients } from "../ports/webhook-dispatcher.ts";
import type { DeadLetter, QueueChange, RecoveredWork, WebhookAttempt, WebhookBacklog } from "../ports/webhook-queue.ts";
import type { DispatchPorts } from "./dispatch-ports.ts";
import { TargetLane } from "./target-lane.ts";

/** How long clients have after a restart to come back before they count as gone, in milliseconds. Our choice. */
const returnMs = 10_000;

/** Puts events into the queue and sends what waits there, each target on its own. */
export class QueueDispatcher implements WebhookDispatcher {
  readonly #ports: DispatchPorts;
  readonly #lanes = new Map<string, TargetLane>();
  #release: { readonly atMs: number; readonly cancel: () => void } | undefined;
  #idleListeners: (() => void)[] = [];

  constructor(ports: DispatchPorts) {
    this.#ports = ports;
  }

  async start(recipients: WebhookRecipients, isAlone: boolean): Promise<void> {
    const { queue, clock } = this.#ports;
    await this.setRecipients(recipients);
    if (queue.share !== undefined) {
      await queue.share({
        began: (work) => this.#begin(work),
        ended: () => this.#renewLanes(),
        changed: (change) => this.#follow(change),
      });
      return;
    }
    this.#begin(await queue.recover());
    this.#follow(await (isAlone ? queue.departAll(clock.now() + returnMs) : queue.release(clock.now())));
  }

  async setRecipients(recipients: WebhookRecipients): Promise<void> {
    const { queue, log } = this.#ports;
    for (const [target, lane] of this.#lanes) {
      if (recipients.has(target)) continue;
      void lane.stop();
      this.#lanes.delete(target);
    }
    for (const [target, recipient] of recipients) {
      const lane = this.#lanes.get(target);
      if (lane === undefined) this.#lanes.set(target, this.#newLane(target, recipient));
      else lane.recipient = recipient;
    }
    const discarded = await queue.keepTargets(new Set(recipients.keys()));
    if (discarded > 0) log.info("webhook.targets_removed", { events: discarded });
  }

  async accept(offers: readonly WebhookOffer[]): Promise<void> {
    const { queue, clock } = this.#ports;
    this.#follow(await queue.accept(offers, clock.now()));
  }

  async replayDead(target: string, id: string | undefined): Promise<number> {
    const replayed = await this.#ports.queue.replayDead(target, id);
    if (replayed > 0) this.#lanes.get(target)?.wake();
    return replayed;
  }

  attempts(target: string, most: number): Promise<readonly WebhookAttempt[]> {
    return this.#ports.queue.attempts(target, most);
  }

  deadLetters(target: string, most: number): Promise<readonly DeadLetter[]> {
    return this.#ports.queue.deadLetters(target, most);
  }

  clearDead(target: string, id: string | undefined): Promise<number> {
    return this.#ports.queue.clearDead(target, id);
  }

  backlog(): Promise<WebhookBacklog> {
    return this.#ports.queue.backlog();
  }

  flush(deadlineMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#ports.clock.after(deadlineMs, resolve);
      this.#idleListeners.push(() => {
        cancel();
        resolve();
      });
      this.#idle();
    });
  }

  async close(): Promise<void> {
    this.#release?.cancel();
    const stopped = [...this.#lanes.values()].map((lane) => lane.stop());
    this.#ports.sender.close();
    await Promise.all(stopped);
    await this.#ports.queue.close();
  }

  #begin({ waiting, unfinished }: RecoveredWork): void {
    for (const { delivery, dueMs } of unfinished) this.#lanes.get(delivery.target)?.resume(delivery, dueMs);
    for (const target of waiting) this.#lanes.get(target)?.wake();
  }

  /** Drops what is on its way: another process goes on with it. */
  #renewLanes(): void {
    this.#release?.cancel();
    this.#release = undefined;
    for (const [target, lane] of this.#lanes) {
      void lane.stop();
      this.#lanes.set(target, this.#newLane(target, lane.recipient));
    }
  }

  #newLane(target: string, recipient: WebhookRecipient): TargetLane {
    return new TargetLane(target, recipient, this.#ports, () => this.#idle());
  }

  #follow({ targets, nextReleaseMs, lost }: QueueChange): void {
    for (const target of targets) this.#lanes.get(target)?.wake();
    for (const [target, events] of lost)
      this.#ports.log.error("webhook.lost", { target: loggedTarget(target), events, reason: "queue full" });
    this.#release?.cancel();
    this.#release = undefined;
    if (nextReleaseMs === undefined) return;
    const { clock } = this.#ports;
    const cancel = clock.after(Math.max(0, nextReleaseMs - clock.now()), () => void this.#releaseDue());
    this.#release = { atMs: nextReleaseMs, cancel };
  }

  async #releaseDue(): Promise<void> {
    const { queue, clock, log } = this.#ports;
    try {
      this.#follow(await queue.release(clock.now()));
    } catch (error) {
      log.error("webhook.queue_failed", { where: errorLocation(error) });
      clock.after(1_000, () => void this.#releaseDue());
    }
  }

  #idle(): void {
    if (this.#idleListeners.length === 0 || ![...this.#lanes.values()].every((lane) => lane.isIdle)) return;
    for (const listener of this.#idleListeners.splice(0)) listener();
  }
}
