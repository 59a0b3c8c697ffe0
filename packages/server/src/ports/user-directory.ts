import type { AppId, SocketId, UserId } from "@sealcast/protocol";
import type { Awaitable } from "../core/awaitable.ts";
import type { Unavailable } from "./unavailable.ts";

/**
 * Which users are signed in.
 * [DIR1] Every node gets `userChanged` at a user's first sign-in and after the last sign-out, and at none between.
 * [DIR2] `signIn` calls `enter` once, synchronously, when the sign-in takes effect: every later message to the user's
 *        connections comes after it. If `enter` returns false, the sign-in is undone.
 * [DIR3] `online` calls `answer` once, synchronously: every later change is reported after it.
 * [DIR4] A sign-out of a connection that is not signed in changes nothing. A sign-out always succeeds, as a leave does.
 * [DIR5] The users of a dead node are signed out by exactly one other node.
 */
export interface UserDirectory {
  /** Counts a connection under its user. */
  signIn(
    app: AppId,
    userId: UserId,
    socketId: SocketId,
    enter: () => boolean,
  ): Awaitable<"entered" | "left" | Unavailable>;
  /** The reverse of `signIn`. */
  signOut(app: AppId, userId: UserId, socketId: SocketId): Awaitable<void>;
  /** Calls `answer` with the users out of `userIds` who are signed in. */
  online(
    app: AppId,
    userIds: readonly string[],
    answer: (online: ReadonlySet<string>) => void,
  ): Awaitable<"answered" | Unavailable>;
}
