import type { AppId } from "@sealcast/protocol";
import { inBackground } from "../core/awaitable.ts";
import type { App } from "../core/apps/app.ts";
import { errorLocation } from "../core/errors/error-location.ts";
import type { Activity, ActivityKind } from "../core/monitoring/activity.ts";
import { activitiesBehind, isReported, planWebhook } from "../core/webhooks/webhook-plan.ts";
import { targetId, targetOf, type WebhookTarget } from "../core/webhooks/webhook-target.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Observer } from "../ports/observer.ts";
import type { DispatcherListeners, WebhookDispatcher, WebhookRecipient } from "../ports/webhook-dispatcher.ts";
import type { WebhookAttempt, WebhookNext } from "../ports/webhook-queue.ts";
import { WebhookIntake } from "./webhook-intake.ts";
import { WebhooksUnavailable, type QueuePlace } from "./webhooks-unavailable.ts";

const reopenMs = 1_000;

/** What the webhooks of a server work with. */
export interface WebhookPorts {
  /** Opens a dispatcher. Rejects with a message for operators. */
  readonly open: (listeners: DispatcherListeners) => Promise<WebhookDispatcher>;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether no other node of a cluster holds subscribers. */
  readonly isAlone: boolean;
  /** Where the queue is kept. */
  readonly place: QueuePlace;
}

/**
 * Reports what happens to the webhooks of all apps. Nothing is opened, on disk or elsewhere, before an app has a webhook.
 */
export class Webhooks implements Observer {
  readonly #ports: WebhookPorts;
  readonly #intake: WebhookIntake;
  #targets: ReadonlyMap<AppId, readonly WebhookTarget[]> = new Map();
  #recipients: ReadonlyMap<string, WebhookRecipient> = new Map();
  /** What some app has a webhook for. */
  #wanted: ReadonlySet<ActivityKind> = new Set();
  #dispatcher: Promise<WebhookDispatcher> | undefined;
  /** Called with attempts at deliveries. */
  #observer: Observer | undefined;
  #wasOpen = false;
  #isClosed = false;

  constructor(ports: WebhookPorts) {
    this.#ports = ports;
    this.#intake = new WebhookIntake(async (offers) => (await this.#opened()).accept(offers), ports.clock, ports.log);
  }

  /**
   * Opens the dispatcher if an app has a webhook.
   *
   * @throws {WebhooksUnavailable} if that fails.
   */
  async start(apps: readonly App[]): Promise<void> {
    this.#take(apps);
    if (this.#recipients.size === 0) return;
    try {
      await this.#opened();
    } catch (error) {
      throw new WebhooksUnavailable(this.#ports.place, error);
    }
  }

  /** Takes the webhooks of another list of apps. */
  replaceApps(apps: readonly App[]): void {
    this.#take(apps);
    const dispatcher = this.#recipients.size > 0 ? this.#opened() : this.#dispatcher;
    if (dispatcher === undefined) return;
    inBackground(
      dispatcher.then((open) => open.setRecipients(this.#recipients)),
      (error) => this.#ports.log.error("webhook.queue_failed", { where: errorLocation(error) }),
    );
  }

  /** Reports each attempt at a delivery to an observer. */
  reportTo(observer: Observer): void {
    this.#observer = observer;
  }

  wants(kind: ActivityKind): boolean {
    return this.#wanted.has(kind);
  }

  observe(activity: Activity): void {
    if (this.#isClosed || !isReported(activity)) return;
    const targets = this.#targets.get(activity.app);
    const offer = targets === undefined ? undefined : planWebhook(targets, activity);
    if (offer !== undefined) this.#intake.add(offer);
  }

  /** The dispatcher, if one is open. */
  async dispatcher(): Promise<WebhookDispatcher | undefined> {
    return this.#dispatcher;
  }

  /**
   * Keeps everything observed so far, sends what waits, and closes. What was not sent is sent by the next process.
   *
   * @param flushMs how long to go on sending, in milliseconds.
   */
  async close(flushMs: number): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#intake.close();
    await this.#intake.settled();
    const dispatcher = await this.#dispatcher?.catch(() => undefined);
    if (flushMs > 0) await dispatcher?.flush(flushMs);
    await dispatcher?.close();
  }

  #attempted({ target, delivery, events, status, error, durationMs }: WebhookAttempt, next: WebhookNext["kind"]): void {
    if (this.#observer?.wants("webhook-attempted") !== true) return;
    const { app, url } = targetOf(target);
    const attempt = { app, url, delivery, events, status, error, durationMs, outcome: next };
    this.#observer.observe({ kind: "webhook-attempted", ...attempt });
  }

  #take(apps: readonly App[]): void {
    const recipients = new Map<string, WebhookRecipient>();
    const wanted = new Set<ActivityKind>();
    for (const app of apps) {
      const { id, credentials } = app;
      const webhooks = webhooksOf(app);
      for (const { url, headers, batch, events } of webhooks) {
        recipients.set(targetId(id, url), { url, headers, batch, ...credentials[0] });
        for (const kind of events.flatMap((event) => [...activitiesBehind[event]])) wanted.add(kind);
      }
    }
    const withWebhooks = apps.filter(({ webhooks }) => webhooks.length > 0);
    this.#targets = new Map(withWebhooks.map((app) => [app.id, webhooksOf(app)]));
    this.#recipients = recipients;
    this.#wanted = wanted;
  }

  #opened(): Promise<WebhookDispatcher> {
    this.#dispatcher ??= this.#open();
    return this.#dispatcher;
  }

  async #open(): Promise<WebhookDispatcher> {
    const { open, isAlone } = this.#ports;
    try {
      const dispatcher = await open({
        ended: () => this.#reopen(),
        attempted: (attempt, next) => this.#attempted(attempt, next),
      });
      // Only at the start is nobody subscribed.
      await dispatcher.start(this.#recipients, isAlone && !this.#wasOpen);
      this.#wasOpen = true;
      return dispatcher;
    } catch (error) {
      this.#dispatcher = undefined;
      throw error;
    }
  }

  /** Opens another dispatcher in place of one that stopped by itself, until that succeeds. */
  #reopen(): void {
    this.#dispatcher = undefined;
    this.#ports.clock.after(reopenMs, () => {
      if (this.#isClosed || this.#dispatcher !== undefined) return;
      inBackground(this.#opened(), (error) => {
        this.#ports.log.error("webhook.queue_failed", { where: errorLocation(error) });
        this.#reopen();
      });
    });
  }
}

/** The webhooks of an app. Counts are reported only if the app counts. */
function webhooksOf({ webhooks, subscriptionCount }: App): readonly WebhookTarget[] {
  if (subscriptionCount) return webhooks;
  return webhooks.map((webhook) => ({
    ...webhook,
    events: webhook.events.filter((event) => event !== "subscription_count"),
  }));
}
