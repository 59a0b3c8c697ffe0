import type { AppId, UserId } from "@sealcast/protocol";
import type { Awaitable } from "../core/awaitable.ts";
import type { Unavailable } from "./unavailable.ts";

/**
 * A message between nodes. `terminate-user`: each node closes its connections of the user. `console`: a message between the
 * consoles of the nodes, in one line.
 */
export type NodeMessage =
  | { readonly kind: "terminate-user"; readonly app: AppId; readonly userId: UserId }
  | { readonly kind: "console"; readonly app: AppId; readonly text: string };

/**
 * Messages between nodes.
 * [NODE1] Every node receives a message once, the sender included. Messages of one node arrive in the order of sending.
 */
export interface NodeLink {
  send(message: NodeMessage): Awaitable<"sent" | Unavailable>;
}
