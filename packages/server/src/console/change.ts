import type { Awaitable } from "../core/awaitable.ts";
import type { HttpReply } from "../ports/transport.ts";

/** A change that an operator asked for. */
export interface Change {
  /** What it is about, without secrets, for the audit. */
  readonly subject: string;
  readonly reply: Awaitable<HttpReply>;
}
