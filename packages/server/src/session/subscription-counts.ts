import { encodeServerMessage, limits, traitsOf, type AppId, type ChannelName } from "@sealcast/protocol";
import type { App } from "../core/apps/app.ts";
import { andThen, inBackground } from "../core/awaitable.ts";
import { decideCount } from "../core/channels/count-announcements.ts";
import { errorLocation } from "../core/errors/error-location.ts";
import type { Clock } from "../ports/clock.ts";
import type { AppStore } from "../ports/app-store.ts";
import type { Broker, Publication } from "../ports/broker.ts";
import type { Observer } from "../ports/observer.ts";
import type { Occupancy } from "../ports/occupancy.ts";

const intervalMs = limits.subscriptionCountIntervalSeconds * 1_000;

/** Announces how many connections are on a channel, to its subscribers. */
export class SubscriptionCounts {
  readonly #apps: Pick<AppStore, "byId">;
  readonly #engine: Pick<Broker, "publish" | "publishOnce"> & Pick<Occupancy, "channel">;
  readonly #clock: Clock;
  readonly #observer: Observer;
  /** The channels that wait out their interval, with the count to announce then; undefined: none. */
  readonly #waiting = new Map<string, number | undefined>();

  constructor(
    apps: Pick<AppStore, "byId">,
    engine: Pick<Broker, "publish" | "publishOnce"> & Pick<Occupancy, "channel">,
    clock: Clock,
    observer: Observer,
  ) {
    this.#apps = apps;
    this.#engine = engine;
    this.#clock = clock;
    this.#observer = observer;
  }

  /** Records a new count and announces it if due. */
  changed(appId: AppId, channel: ChannelName, count: number): void {
    const app = this.#apps.byId(appId);
    if (app?.subscriptionCount !== true || !traitsOf(channel).subscriptionCount || count === 0) return;
    const key = `${app.id}/${channel}`;
    const waiting = this.#waiting.has(key);
    const decision = decideCount(count, waiting);
    // Replaces a kept count, which is older than this one.
    if (waiting) this.#waiting.set(key, decision === "keep" ? count : undefined);
    if (decision === "announce") this.#announce(app, channel, count);
    if (decision !== "announce-and-wait") return;
    this.#wait(app, channel, key);
    this.#announceOnce(app, channel, key, count);
  }

  #wait(app: App, channel: ChannelName, key: string): void {
    this.#waiting.set(key, undefined);
    this.#clock.after(intervalMs, () => {
      const count = this.#waiting.get(key);
      this.#waiting.delete(key);
      if (count === undefined) return;
      this.#wait(app, channel, key);
      this.#announceCurrent(app, channel, key, count);
    });
  }

  /** Announces the count as it is now: another node may have announced a later one than `count`. */
  #announceCurrent(app: App, channel: ChannelName, key: string, count: number): void {
    const announced = andThen(this.#engine.channel(app.id, channel), (summary) =>
      this.#announceOnce(app, channel, key, summary === "unavailable" ? count : summary.subscriptions),
    );
    inBackground(announced, (error) => this.#failed(app, error));
  }

  #announce(app: App, channel: ChannelName, count: number): void {
    const published = this.#engine.publish(app.id, [announcementOf(channel, count)]);
    inBackground(published, (error) => this.#failed(app, error));
  }

  /** Announces a count, unless another node has done so in this interval. It is then announced after the next one. */
  #announceOnce(app: App, channel: ChannelName, key: string, count: number): void {
    const interval = Math.floor(this.#clock.now() / intervalMs);
    // Ids of publishers have no spaces.
    const announcement = { ...announcementOf(channel, count), id: `count ${interval}` };
    const published = andThen(this.#engine.publishOnce(app.id, announcement), (isNew) => {
      if (isNew === false && this.#waiting.has(key)) this.#waiting.set(key, this.#waiting.get(key) ?? count);
    });
    inBackground(published, (error) => this.#failed(app, error));
  }

  #failed(app: App, error: unknown): void {
    const where = errorLocation(error);
    this.#observer.observe({ kind: "announcement-failed", app: app.id, socketId: undefined, where });
  }
}

function announcementOf(channel: ChannelName, count: number): Publication {
  const message = encodeServerMessage({ kind: "subscription-count", channel, count });
  return { channel, message, except: undefined, keep: undefined };
}
