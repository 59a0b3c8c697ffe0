import type { AppId } from "@sealcast/protocol";
import { inBackground } from "../core/awaitable.ts";
import type { App } from "../core/app.ts";
import { whereOf } from "../core/fault.ts";
import { activitiesBehind, planWebhook, type WebhookActivity } from "../core/webhook-plan.ts";
import { targetId, type WebhookTarget } from "../core/webhook-target.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { WebhookDispatcher, WebhookRecipient } from "../ports/webhook-dispatcher.ts";
import { WebhookIntake } from "./webhook-intake.ts";

const reopenMs = 1_000;

/** What the webhooks of a server work with. */
export interface WebhookPorts {
  /** Opens a dispatcher; `ended` is called if it stops working by itself. Rejects with a reason for people. */
  readonly open: (ended: () => void) => Promise<WebhookDispatcher>;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether no other node of a cluster holds subscribers. */
  readonly isAlone: boolean;
}

/**
 * Reports what happens to the webhooks of all apps. Nothing is opened, on disk or elsewhere, before an app has a webhook.
 */
export class Webhooks {
  readonly #ports: WebhookPorts;
  readonly #intake: WebhookIntake;
  #targets: ReadonlyMap<AppId, readonly WebhookTarget[]> = new Map();
  #recipients: ReadonlyMap<string, WebhookRecipient> = new Map();
  #wanted: ReadonlySet<string> = new Set();
  #dispatcher: Promise<WebhookDispatcher> | undefined;
  #wasOpen = false;
  #isClosed = false;

  constructor(ports: WebhookPorts) {
    this.#ports = ports;
    this.#intake = new WebhookIntake(async (offers) => (await this.#opened()).accept(offers), ports.clock, ports.log);
  }

  /** Opens the dispatcher if an app has a webhook. Rejects with a reason for people if that fails. */
  async start(apps: readonly App[]): Promise<void> {
    this.#take(apps);
    if (this.#recipients.size > 0) await this.#opened();
  }

  /** Takes the webhooks of another list of apps. */
  replaceApps(apps: readonly App[]): void {
    this.#take(apps);
    const dispatcher = this.#recipients.size > 0 ? this.#opened() : this.#dispatcher;
    if (dispatcher === undefined) return;
    inBackground(
      dispatcher.then((open) => open.setRecipients(this.#recipients)),
      (error) => this.#ports.log.error("webhook.queue_failed", { where: whereOf(error) }),
    );
  }

  /** Whether an app has a webhook for this kind of activity. */
  wants(kind: string): boolean {
    return this.#wanted.has(kind);
  }

  observe(app: AppId, activity: WebhookActivity): void {
    const targets = this.#targets.get(app);
    if (targets === undefined) return;
    const offer = planWebhook(app, targets, activity);
    if (offer !== undefined) this.#intake.add(offer);
  }

  /** The dispatcher, if one is open. */
  async dispatcher(): Promise<WebhookDispatcher | undefined> {
    return this.#dispatcher;
  }

  /** Sends what waits, for as long as the deadline allows, and closes. What was not sent is sent by the next process. */
  async drain(deadlineMs: number): Promise<void> {
    if (this.#dispatcher === undefined) return;
    await this.#intake.settled();
    await (await this.#dispatcher).flush(deadlineMs);
    await this.close();
  }

  /** Ends at once. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#intake.close();
    const dispatcher = await this.#dispatcher?.catch(() => undefined);
    await dispatcher?.close();
  }

  #take(apps: readonly App[]): void {
    const recipients = new Map<string, WebhookRecipient>();
    const wanted = new Set<string>();
    for (const { id, webhooks, credentials } of apps) {
      for (const { url, headers, batch, events } of webhooks) {
        recipients.set(targetId(id, url), { url, headers, batch, ...credentials[0] });
        for (const kind of [...events].flatMap((event) => activitiesBehind[event])) wanted.add(kind);
      }
    }
    this.#targets = new Map(
      apps.filter(({ webhooks }) => webhooks.length > 0).map(({ id, webhooks }) => [id, webhooks]),
    );
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
      const dispatcher = await open(() => this.#reopen());
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
        this.#ports.log.error("webhook.queue_failed", { where: whereOf(error) });
        this.#reopen();
      });
    });
  }
}
