import type { AppId, AppKey } from "@sealcast/protocol";

/** One live key of an app with its secret. */
export interface AppCredential {
  readonly key: AppKey;
  readonly secret: string;
}

/** Everything the server knows of one tenant, every setting resolved. Made by the loader of the configuration. */
export interface App {
  readonly id: AppId;
  /** Live pairs, oldest first; any of them signs, so that a secret can be rotated without a gap. */
  readonly credentials: readonly [AppCredential, ...AppCredential[]];
  /** A disabled app refuses connections (4003) and requests (403). */
  readonly enabled: boolean;
  /** Refuse plain connections (4000). */
  readonly forceTls: boolean;
  /** Relay `client-` events. */
  readonly clientEvents: boolean;
  /** Announce and report how many connections are subscribed to a channel. */
  readonly subscriptionCount: boolean;
  /** Tell signed-in users who of their watchlist is online. */
  readonly watchlistEvents: boolean;
  /** Close connections that are neither signed in nor on a private or presence channel after a time-out (4009). */
  readonly authorizedConnections: boolean;
  /** Origins of pages that may connect and may call the fallback transports; empty: all. */
  readonly allowedOrigins: readonly string[];
  /** Most connections at a time; 0: no limit. Further ones are closed with 4004. */
  readonly maxConnections: number;
  /** Largest `data` of one event, in bytes. */
  readonly maxEventBytes: number;
  /** Longest channel name, in characters. */
  readonly maxChannelNameLength: number;
  /** Most users on one presence channel. */
  readonly maxPresenceMembers: number;
  /** Largest `user_info` of a presence member, in bytes of JSON. */
  readonly maxMemberBytes: number;
  /** Client events of one connection in one second; further ones are dropped (4301). */
  readonly clientEventsPerSecond: number;
  /** Events published through the HTTP API in one second; 0: no limit. Further ones get 429. */
  readonly publishesPerSecond: number;
  /** Longest age of the event that a cache channel keeps, in seconds. */
  readonly cacheTtlSeconds: number;
}

/** The secret that belongs to a key of this app, or undefined where the key is not one of its live keys. */
export function secretOfKey(app: App, key: string): string | undefined {
  return app.credentials.find((credential) => credential.key === key)?.secret;
}
