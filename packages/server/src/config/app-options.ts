import { limits } from "@sealcast/protocol";
import type { App } from "../core/app.ts";
import { list, toggle, whole, type OptionTable } from "./option.ts";

/** The settings of one app by key, without its names and credentials. */
export type AppOptionValues = Omit<App, "id" | "credentials">;

/** Every setting of one app beside `id`, `key`, `secret` and `keys`, in the order of the configuration page. */
export const appOptions = {
  enabled: toggle({
    default: true,
    doc: "A disabled app refuses requests (403) and connections (4003), and closes those that are open.",
  }),
  clientEvents: toggle({
    default: false,
    doc: "Relay `client-` events between the subscribers of private and presence channels.",
  }),
  subscriptionCount: toggle({
    default: false,
    doc: "Announce and report how many connections are subscribed to a channel.",
  }),
  watchlistEvents: toggle({ default: false, doc: "Tell signed-in users who of their watchlist is online." }),
  authorizedConnections: toggle({
    default: false,
    doc: "Close connections that neither sign in nor join a private or presence channel in time (4009).",
  }),
  forceTls: toggle({
    default: false,
    doc: "Refuse plain connections (4000). Behind a proxy, its `X-Forwarded-Proto` decides.",
  }),
  allowedOrigins: list(/^(https?:\/\/[^/\s]+|null)$/, 'a list of origins such as "https://example.com"', {
    default: [],
    doc: "Origins of pages that may connect (else 4009). Empty: all.",
  }),
  maxConnections: whole(0, 100_000_000, {
    default: 0,
    doc: "Most connections at a time (else 4004). 0: no limit.",
  }),
  maxEventBytes: whole(1, limits.eventDataBytesCeiling, {
    unit: "bytes",
    default: limits.eventDataBytes,
    doc: "Largest `data` of one event (else 413).",
  }),
  maxChannelNameLength: whole(1, limits.channelNameLengthCeiling, {
    unit: "characters",
    default: limits.channelNameLength,
    doc: "Longest channel name.",
  }),
  maxPresenceMembers: whole(1, 10_000, {
    default: limits.presenceMembers,
    doc: "Most users on one presence channel.",
  }),
  maxMemberBytes: whole(1, 65_536, {
    unit: "bytes",
    default: limits.userInfoBytes,
    doc: "Largest `user_info` of a presence member, as JSON.",
  }),
  clientEventsPerSecond: whole(1, 100_000, {
    default: limits.clientEventsPerSecond,
    doc: "Client events that one connection may send in a second; further ones are dropped (4301).",
  }),
  publishesPerSecond: whole(0, 10_000_000, {
    default: 0,
    doc: "Events that may be published through the HTTP API in a second (else 429). 0: no limit.",
  }),
  cacheTtlSeconds: whole(1, 86_400, {
    unit: "seconds",
    default: limits.cacheTtlSeconds,
    doc: "How long a cache channel keeps its last event.",
  }),
} satisfies OptionTable<AppOptionValues>;
