import type { AppId, AppKey } from "@sealcast/protocol";
import type { AppCredential } from "./app.ts";

/** Settings of an app as they were stated: what is not stated has the default of the running version. */
export type StatedSettings = Readonly<Record<string, unknown>>;

/** A key of an app in a database, without its secret. */
export interface AppKeyRecord {
  readonly key: AppKey;
  /** Unix milliseconds. */
  readonly createdMs: number;
  /** When the key was last used, in Unix milliseconds, to within a minute; undefined: never. */
  readonly lastUsedMs: number | undefined;
  /** When the key was retired, in Unix milliseconds; undefined: it is live. */
  readonly retiredMs: number | undefined;
}

/** An app in a database, without its secrets. */
export interface AppRecord {
  readonly id: AppId;
  readonly settings: StatedSettings;
  /** Oldest first. The oldest live key signs webhooks. */
  readonly keys: readonly AppKeyRecord[];
  /** Unix milliseconds. */
  readonly createdMs: number;
}

/** An app that is to be kept in a database. */
export interface NewApp {
  readonly id: AppId;
  readonly settings: StatedSettings;
  readonly credential: AppCredential;
}

/** Live keys that one app may have. Our choice: a rotation needs two. */
export const maxLiveKeys = 20;
