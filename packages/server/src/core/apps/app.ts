import { limits, type AppId, type AppKey } from "@sealcast/protocol";
import { z } from "zod";
import { historyRow } from "./history-row.ts";
import { objectList, onOff, textList, wholeNumber } from "../settings/setting.ts";
import { webhookTarget } from "../webhooks/webhook-target.ts";

const historyForm = "a list of objects with prefix, size and ttlSeconds";
const webhooksForm = "a list of objects with url and events";
/** What an entry of `allowedOrigins` looks like. */
export const originForm = 'an origin such as "https://example.com" or "https://*.example.com", without a path';

/** Every setting of an app except its id and credentials, in the order of the configuration page. */
export const appSettings = z.strictObject({
  enabled: onOff({
    default: true,
    doc: "A disabled app refuses requests (403) and connections (4003), and its open connections are closed.",
  }),
  clientEvents: onOff({
    default: false,
    doc: "Relay `client-` events between the subscribers of private and presence channels.",
  }),
  subscriptionCount: onOff({
    default: false,
    doc: "Announce and report how many connections are subscribed to a channel.",
  }),
  watchlistEvents: onOff({
    default: false,
    doc: "Tell signed-in users which users of their watchlist are online.",
  }),
  authorizedConnections: onOff({
    default: false,
    doc: "Close connections (4009) that do not sign in or join a private or presence channel within `authorizationTimeoutSeconds`.",
  }),
  requireSealed: onOff({
    default: false,
    doc: "Refuse events on sealed channels (`private-sealed-`, `presence-sealed-` and their cache channels) whose data is not a sealed envelope.",
  }),
  forceTls: onOff({
    default: false,
    doc: "Refuse plain connections (4000) and plain requests to the HTTP API (403), also from the same machine. If a proxy ends TLS, its `X-Forwarded-Proto` header decides; see `trustedProxies`.",
  }),
  allowedOrigins: textList(z.string(originForm), `a list; each entry is ${originForm}`, {
    default: [],
    doc: "Origins of web pages that may connect; others get 4009. Empty: all. Case, default ports and punycode do not matter. `https://*.example.com` stands for exactly one label. The shells of mobile and desktop apps have origins such as `capacitor://localhost`; `null` stands for sandboxed pages.",
  }),
  maxConnections: wholeNumber(0, 100_000_000, {
    default: 0,
    doc: "Connections at the same time. 0: no limit.",
    limit: {
      protects: "Other apps: memory and CPU of the process.",
      pays: "The app.",
      answer: "Its further connections are refused (4004).",
    },
  }),
  maxEventBytes: wholeNumber(1, limits.eventDataBytesCeiling, {
    unit: "bytes",
    default: limits.eventDataBytes,
    doc: "Size of the `data` of one event.",
    limit: {
      protects: "Subscribers and the process: each event is copied to each subscriber.",
      pays: "The publisher.",
      answer: "The request is refused (413).",
    },
  }),
  maxChannelNameLength: wholeNumber(1, limits.channelNameLengthCeiling, {
    unit: "characters",
    default: limits.channelNameLength,
    doc: "Length of a channel name.",
    limit: {
      protects: "Memory of the process: each name is kept while the channel has subscribers.",
      pays: "The client or publisher that uses the name.",
      answer: "It is refused.",
    },
  }),
  maxPresenceMembers: wholeNumber(1, 10_000, {
    default: limits.presenceMembers,
    doc: "Users on one presence channel. A channel has fewer, 10 MiB divided by `maxMemberBytes`, if the list of its members could otherwise be longer than 10 MiB.",
    limit: {
      protects: "Members of the channel: each of them receives the list and every change of it.",
      pays: "The next user.",
      answer: "The subscription is refused.",
    },
  }),
  maxMemberBytes: wholeNumber(1, 65_536, {
    unit: "bytes",
    default: limits.userInfoBytes,
    doc: "Size of the `user_info` of a presence member, as JSON.",
    limit: {
      protects: "Members of the channel: each of them receives the `user_info` of all others.",
      pays: "The user with the large `user_info`.",
      answer: "The subscription is refused.",
    },
  }),
  clientEventsPerSecond: wholeNumber(1, 100_000, {
    default: limits.clientEventsPerSecond,
    doc: "Client events that one connection may send per second.",
    limit: {
      protects: "The other subscribers of the channel.",
      pays: "The sender.",
      answer: "Its further events in that second are dropped (4301); the connection stays open.",
    },
  }),
  publishesPerSecond: wholeNumber(0, 10_000_000, {
    default: 0,
    doc: "Events that the app may publish through the HTTP API per second. 0: no limit.",
    limit: {
      protects: "Other apps: CPU of the process.",
      pays: "The publisher.",
      answer: "The request is refused (429) and may be repeated later.",
    },
  }),
  messagesPerDay: wholeNumber(0, 1_000_000_000_000, {
    default: 0,
    doc: "Messages per day (UTC), after which the app may not send through the HTTP API nor as client events: published events, client events, and events delivered, one for each connection. Counted over all processes that share a [database of apps](apps.md#limits-and-usage) or Redis. 0: no limit.",
    limit: {
      protects: "Other apps: a share of the machine.",
      pays: "The publisher.",
      answer: "Requests are refused (429) and client events dropped (4301) until the next day. Connections go on.",
    },
  }),
  cacheTtlSeconds: wholeNumber(1, 86_400, {
    unit: "seconds",
    default: limits.cacheTtlSeconds,
    doc: "How long a cache channel keeps its last event.",
  }),
  history: objectList(z.array(historyRow, historyForm).max(100, "at most 100 rows"), historyForm, {
    doc: "Which channels keep events so that clients can recover what they missed, as objects: `prefix` of the names of channels (the longest one wins, an empty one stands for all), `size` (events) and `ttlSeconds`. See [recovery](recovery.md).",
  }),
  webhooks: objectList(
    z
      .array(webhookTarget, webhooksForm)
      .max(20, "at most 20 webhooks")
      .refine((list) => new Set(list.map(({ url }) => url)).size === list.length, "a different url in each webhook"),
    webhooksForm,
    {
      doc: "URLs that receive events as webhooks, as objects: `url`; `events`, a list of `channel_occupied`, `channel_vacated`, `member_added`, `member_removed`, `client_event`, `cache_miss` and `subscription_count`; optionally `channels` with a `prefix` or `suffix` of the names of channels, `headers` to send, and `batch` (true: several events in one request). See [webhooks](webhooks.md).",
    },
  ),
});

/** The settings of an app except its id and credentials. */
export type AppSettings = Readonly<z.infer<typeof appSettings>>;

/** The settings of an app whose configuration sets none. */
export const defaultAppSettings: AppSettings = appSettings.parse({});

/** One live key of an app with its secret. */
export interface AppCredential {
  readonly key: AppKey;
  readonly secret: string;
}

/** Everything the server knows about one app. */
export interface App extends AppSettings {
  readonly id: AppId;
  /** Live pairs, oldest first. Each of them signs, so that a secret can be rotated without a gap. */
  readonly credentials: readonly [AppCredential, ...AppCredential[]];
}

/** Returns the secret of a key of this app, or undefined if the key is not one of its live keys. */
export function secretOfKey(app: App, key: string): string | undefined {
  return app.credentials.find((credential) => credential.key === key)?.secret;
}
