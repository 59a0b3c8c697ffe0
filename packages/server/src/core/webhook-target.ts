import type { WebhookEventName } from "@sealcast/protocol";

/** One URL that an app is told of events at: a row of the app's `webhooks`. */
export interface WebhookTarget {
  /** Where requests are sent to: `http:` or `https:`. Unique in its app. */
  readonly url: string;
  /** The kinds of events that this URL receives. */
  readonly events: ReadonlySet<WebhookEventName>;
  /** Only channels whose names begin with this text. Empty: all. */
  readonly channelPrefix: string;
  /** Only channels whose names end with this text. Empty: all. */
  readonly channelSuffix: string;
  /** Headers that are sent in addition to those of every webhook. */
  readonly headers: Readonly<Record<string, string>>;
  /** Send several events in one request. */
  readonly batch: boolean;
}

/** Returns whether a target receives events of this kind on this channel. */
export function isWanted(target: WebhookTarget, event: WebhookEventName, channel: string): boolean {
  return target.events.has(event) && channel.startsWith(target.channelPrefix) && channel.endsWith(target.channelSuffix);
}

/** Names a target in a queue; no other target of any app has this id. Ids of apps hold no spaces. */
export function targetId(app: string, url: string): string {
  return `${app} ${url}`;
}
