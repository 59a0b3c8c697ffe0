import type { AppId } from "@sealcast/protocol";
import type { Awaitable } from "../core/awaitable.ts";

/**
 * The connections of apps that limit them, on all nodes together.
 * [QUOTA1] Of connections that ask to be admitted, exactly as many are admitted as the app may have at the same time.
 * [QUOTA2] Another node gives up the connections of a dead node.
 * [QUOTA3] An engine that cannot reach what it stands on compares with the connections of its own node only. Once it is
 *          back, these count for all nodes.
 */
export interface ConnectionQuota {
  /**
   * Counts a connection, unless the app has as many as it may have. Returns whether it was counted.
   *
   * @param most connections that the app may have at the same time.
   */
  admit(app: AppId, most: number): Awaitable<boolean>;
  /** A connection that was admitted has ended. */
  release(app: AppId): Awaitable<void>;
}
