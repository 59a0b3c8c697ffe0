import type { QueryParameter } from "@sealcast/protocol";
import type { z } from "zod";
import type { App } from "../core/app.ts";
import type { AppStore } from "../ports/app-store.ts";
import type { Engine } from "../ports/engine.ts";
import type { HttpReply } from "../ports/transport.ts";
import type { Webhooks } from "../webhooks/webhooks.ts";

/** What the admin API works with. */
export interface AdminPorts {
  readonly apps: AppStore;
  readonly engine: Engine;
  readonly webhooks: Webhooks;
}

/** A request whose token is valid. */
export interface AdminCall extends AdminPorts {
  /** The app of the path; only routes below `/admin/apps/*` have one. */
  readonly app: App | undefined;
  /** The decoded last variable part of the path: a channel or user; "" if there is none. */
  readonly subject: string;
  readonly query: readonly QueryParameter[];
}

/** One endpoint of the admin API. The OpenAPI document is made of these rows. */
export interface AdminRoute {
  readonly method: "GET" | "POST" | "DELETE";
  /** Each `{name}` stands for one segment. */
  readonly path: string;
  readonly summary: string;
  /** Parameters of the query, with what they mean. */
  readonly query: Readonly<Record<string, string>>;
  /** The JSON of a successful answer. */
  readonly answer: z.ZodType;
  /** Returns the JSON of the answer, or a reply that refuses the request. */
  readonly run: (call: AdminCall) => Promise<AdminAnswer>;
}

/** The value of an answer, or a refusal. */
export type AdminAnswer = { readonly value: unknown } | { readonly refusal: HttpReply };
