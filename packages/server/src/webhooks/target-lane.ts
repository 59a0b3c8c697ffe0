import { loggedTarget } from "../core/webhooks/webhook-target.ts";
import { retryDelayMs } from "../core/webhooks/webhook-retry.ts";
import { errorLocation } from "../core/errors/error-location.ts";
import type { WebhookRecipient } from "../ports/webhook-dispatcher.ts";
import type { TakeLimits, WebhookDelivery, WebhookNext } from "../ports/webhook-queue.ts";
import type { DispatchPorts } from "./dispatch-ports.ts";
import { webhookRequest } from "./webhook-request.ts";

/** Requests of one target that may be open at a time. Our choice. */
const maxOpen = 10;
/** Deliveries of one target that may wait for their next attempt; above it, no new ones are begun. Our choice. */
const maxRetrying = 100;
/** How long the first event of a batch waits for others, in milliseconds. Our choice. */
const batchWindowMs = 50;
/** What one delivery may hold. Source: our choice, with the maximum of the HTTP API's batches in mind. */
const batchLimits = { maxEvents: 100, maxBytes: 262_144 };
const singleLimits = { maxEvents: 1, maxBytes: 262_144 };
const queueRetryMs = 1_000;

/** A delivery, and how often it was attempted. */
interface AttemptedDelivery {
  readonly delivery: WebhookDelivery;
  /** Attempts that failed. */
  readonly attempts: number;
  /** When the first attempt of this process began, by the monotonic clock. */
  readonly firstMs: number | undefined;
}

/** Sends the deliveries of one target: several at a time, and failed ones again later. */
export class TargetLane {
  readonly #target: string;
  readonly #ports: DispatchPorts;
  readonly #settled: () => void;
  #recipient: WebhookRecipient;
  #open = 0;
  #hasWaiting = false;
  #isTaking = false;
  #isStopped = false;
  /** Deliveries whose next attempt is due. */
  readonly #due: AttemptedDelivery[] = [];
  /** Deliveries that wait for their next attempt; each function cancels its timer. */
  readonly #retrying = new Set<() => void>();
  #batchTimer: (() => void) | undefined;
  #whenIdle: (() => void) | undefined;

  /** @param settled called whenever the lane may have become idle. */
  constructor(target: string, recipient: WebhookRecipient, ports: DispatchPorts, settled: () => void) {
    this.#target = target;
    this.#recipient = recipient;
    this.#ports = ports;
    this.#settled = settled;
  }

  /** Whether nothing is being sent, and nothing waits except for a later attempt. */
  get isIdle(): boolean {
    return this.#open === 0 && this.#due.length === 0 && !this.#hasWaiting && !this.#isTaking;
  }

  get recipient(): WebhookRecipient {
    return this.#recipient;
  }

  /** Changes where and how deliveries are sent from now on. */
  set recipient(recipient: WebhookRecipient) {
    this.#recipient = recipient;
  }

  /** Events wait in the queue. */
  wake(): void {
    this.#hasWaiting = true;
    if (!this.#recipient.batch) this.#sendNext();
    else if (this.#batchTimer === undefined) {
      this.#batchTimer = this.#ports.clock.after(batchWindowMs, () => {
        this.#batchTimer = undefined;
        this.#sendNext();
      });
    }
  }

  /** Goes on with a delivery that an earlier process began. */
  resume(delivery: WebhookDelivery, dueMs: number): void {
    this.#retryAt({ delivery, attempts: 0, firstMs: undefined }, dueMs);
  }

  /** Begins no more requests. Resolves when none is open. */
  stop(): Promise<void> {
    this.#isStopped = true;
    this.#batchTimer?.();
    for (const cancel of this.#retrying) cancel();
    this.#retrying.clear();
    this.#due.length = 0;
    this.#hasWaiting = false;
    return new Promise((resolve) => {
      this.#whenIdle = resolve;
      this.#report();
    });
  }

  #report(): void {
    this.#settled();
    if (this.isIdle) this.#whenIdle?.();
  }

  #sendNext(): void {
    if (this.#isStopped) return;
    for (let attempted = this.#nextDue(); attempted !== undefined; attempted = this.#nextDue())
      void this.#attempt(attempted);
    const free = Math.min(maxOpen - this.#open, maxRetrying - this.#retrying.size);
    if (free > 0 && this.#hasWaiting && !this.#isTaking) void this.#take(free);
  }

  #nextDue(): AttemptedDelivery | undefined {
    return this.#open < maxOpen ? this.#due.shift() : undefined;
  }

  async #take(free: number): Promise<void> {
    const { queue, clock, newId, log } = this.#ports;
    const ids = Array.from({ length: free }, () => newId());
    const limits: TakeLimits = { ids, ...(this.#recipient.batch ? batchLimits : singleLimits) };
    this.#isTaking = true;
    this.#hasWaiting = false;
    try {
      const deliveries = await queue.take(this.#target, limits, clock.now());
      // As many as could be taken: there may be more.
      if (deliveries.length === free && !this.#isStopped) this.#hasWaiting = true;
      // Deliveries that were taken are sent even if the lane was stopped meanwhile: nobody else would send them.
      for (const delivery of deliveries) void this.#attempt({ delivery, attempts: 0, firstMs: undefined });
    } catch (error) {
      log.error("webhook.queue_failed", { target: loggedTarget(this.#target), where: errorLocation(error) });
      clock.after(queueRetryMs, () => this.wake());
    }
    this.#isTaking = false;
    this.#sendNext();
    this.#report();
  }

  async #attempt({ delivery, attempts, firstMs }: AttemptedDelivery): Promise<void> {
    const { queue, sender, signer, clock, log } = this.#ports;
    this.#open += 1;
    const atMs = clock.now();
    const startMs = clock.monotonicNow();
    const attempted = { delivery, attempts: attempts + 1, firstMs: firstMs ?? startMs };
    const { status, error } = await sender.post(webhookRequest(delivery, this.#recipient, signer));
    const durationMs = Math.round(clock.monotonicNow() - startMs);
    const isDelivered = status !== undefined && status >= 200 && status < 300;
    const problem = isDelivered ? undefined : (error ?? `status ${status}`);
    const next = isDelivered ? delivered : this.#afterFailure(attempted);
    const events = delivery.events.length;
    const attempt = { delivery: delivery.id, target: this.#target, atMs, durationMs, status, error: problem, events };
    this.#ports.attempted(attempt, next.kind);
    try {
      await queue.settle(attempt, next);
    } catch (failure) {
      // A delivered one stays in the queue and is sent again by the next process, under the same id.
      log.error("webhook.queue_failed", { target: loggedTarget(this.#target), where: errorLocation(failure) });
    }
    this.#open -= 1;
    if (next.kind === "retry") this.#retryAt(attempted, next.dueMs);
    if (next.kind === "dead")
      log.warn("webhook.dead", { target: loggedTarget(this.#target), delivery: delivery.id, problem });
    // The delivery has blocked its channels, and others of them may wait.
    if (next.kind !== "retry" && !this.#isStopped) this.#hasWaiting = true;
    this.#sendNext();
    this.#report();
  }

  #afterFailure({ attempts, firstMs = 0 }: AttemptedDelivery): WebhookNext {
    const { clock, random } = this.#ports;
    const delayMs = retryDelayMs(attempts, clock.monotonicNow() - firstMs, random.below(1_001) / 1_000);
    return delayMs === undefined ? { kind: "dead" } : { kind: "retry", dueMs: clock.now() + delayMs };
  }

  #retryAt(attempted: AttemptedDelivery, dueMs: number): void {
    if (this.#isStopped) return;
    const cancel = this.#ports.clock.after(Math.max(0, dueMs - this.#ports.clock.now()), () => {
      this.#retrying.delete(cancel);
      this.#due.push(attempted);
      this.#sendNext();
    });
    this.#retrying.add(cancel);
  }
}

const delivered: WebhookNext = { kind: "delivered" };
