import type { ChannelName, CloseReason, Member, Problem, ServerMessage, UserData } from "@sealcast/protocol";
import type { LocalConnection } from "./local-connection.ts";

/** What a handler may do with the connection whose message it handles. */
export interface Client extends LocalConnection {
  /** Whether neither side has ended the connection. */
  readonly isOpen: boolean;
  /** Whether events of new subscriptions wait until the client has said what it missed. */
  readonly opensForRecovery: boolean;
  /** The ids of `user` that are watched. */
  readonly watchlist: readonly string[];

  /** Records a subscription. */
  entered(channel: ChannelName, member: Member | undefined): void;
  /** Records the end of a subscription. */
  left(channel: ChannelName): void;
  /** Records the signed-in user. */
  signedIn(user: UserData): void;
  /** Records the watched users. */
  watches(userIds: readonly string[]): void;
  /**
   * Records that the client has signed in or is on a private channel. Returns a reason to close the connection if it
   * exceeds the app's quota; closes it later if other nodes have to be asked first.
   */
  authorized(): CloseReason | undefined;
  /** Takes a subscription out of the connection's rate. Returns how long it has to wait, in milliseconds. */
  takeSubscription(): number;
  /** Whether one more client event fits into this second. */
  takeClientEvent(): boolean;

  send(message: ServerMessage): void;
  /** Sends a message that is encoded already. */
  sendEncoded(message: string): void;
  /** Answers with an error. The connection stays open. */
  refuse(problem: Problem): void;
  /** Answers a subscription with an error, in both ways that client libraries listen to. */
  refuseSubscription(channel: string, problem: Problem): void;
  /** Reports an unexpected error, and answers with an error; `channel` if the message was a subscription. */
  failed(error: unknown, channel?: ChannelName): void;
}
