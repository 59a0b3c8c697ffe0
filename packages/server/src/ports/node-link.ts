import type { AppId, UserId } from "@sealcast/protocol";
import type { Awaitable } from "../core/awaitable.ts";
import type { Unavailable } from "./unavailable.ts";

/** What nodes tell each other. `terminate-user`: close the local connections of the user.
 * `console`: what the consoles of nodes tell each other, in one line.
 */
export type NodeMessage =
  | { readonly kind: "terminate-user"; readonly app: AppId; readonly userId: UserId }
  | { readonly kind: "console"; readonly app: AppId; readonly text: string };

/**
 * Messages between nodes.
 * [NODE1] Every node gets a message once, the sender included. Messages of one node arrive in their order.
 */
export interface NodeLink {
  tell(message: NodeMessage): Awaitable<"told" | Unavailable>;
}
