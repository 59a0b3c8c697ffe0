import type { QueryParameter } from "@sealcast/protocol";
import type { z } from "zod";
import type { App } from "../core/apps/app.ts";
import type { StatedSettings } from "../core/apps/app-record.ts";
import type { AppRecords } from "../ports/app-records.ts";
import type { AppStore } from "../ports/app-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { ConnectionDirectory } from "../ports/connection-directory.ts";
import type { Engine } from "../ports/engine.ts";
import type { Random } from "../ports/random.ts";
import type { HttpReply } from "../ports/transport.ts";
import type { UsageRecords } from "../ports/usage-records.ts";
import type { WebhookDispatcher } from "../ports/webhook-dispatcher.ts";

/** Apps that the admin API can change. */
export interface EditableApps {
  readonly records: AppRecords;
  /** Returns what is wrong with settings, in words that hold no value; undefined: nothing. */
  readonly problemOf: (settings: StatedSettings) => string | undefined;
}

/** What the admin API works with. */
export interface AdminPorts {
  readonly apps: AppStore;
  /** Undefined: the apps come from the configuration. */
  readonly editable: EditableApps | undefined;
  readonly engine: Engine;
  readonly connections: ConnectionDirectory;
  readonly random: Random;
  readonly clock: Clock;
  /** Undefined: nothing is counted. */
  readonly usage: Pick<UsageRecords, "days"> | undefined;
  /** The dispatcher of the webhooks, if an app has webhooks. */
  readonly dispatcher: () => Promise<WebhookDispatcher | undefined>;
}

/** A request whose token is valid. */
export interface AdminCall extends AdminPorts {
  /** The app of the path; only routes below `/admin/apps/*` have one. */
  readonly app: App | undefined;
  /** The decoded last variable part of the path: a channel, user, key or connection; "" if there is none. */
  readonly subject: string;
  readonly query: readonly QueryParameter[];
  readonly body: Uint8Array;
}

/** One endpoint of the admin API. The OpenAPI document is made of these rows. */
export interface AdminRoute {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Each `{name}` stands for one segment. */
  readonly path: string;
  readonly summary: string;
  /** Parameters of the query, with what they mean. */
  readonly query: Readonly<Record<string, string>>;
  /** The JSON of the request, if the route reads one. */
  readonly body?: z.ZodType;
  /** The JSON of a successful answer. */
  readonly answer: z.ZodType;
  /** Returns the JSON of the answer, or a reply that refuses the request. */
  readonly run: (call: AdminCall) => Promise<AdminAnswer>;
}

/** The value of an answer, or a refusal. */
export type AdminAnswer = { readonly value: unknown } | { readonly refusal: HttpReply };
