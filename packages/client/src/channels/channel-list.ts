import { traitsOf } from "@sealcast/protocol";
import type { ServerMessage } from "../connection/message.ts";
import { clearEvents, type Channel } from "./channel.ts";

const answers: readonly string[] = ["pusher_internal:subscription_succeeded", "pusher:subscription_error"];

/** The channels of a client, by name. */
export class ChannelList {
  /** Name → channel. Has no prototype: users choose the names. */
  readonly channels: Record<string, Channel> = Object.create(null) as Record<string, Channel>;
  /** Channels that were left on this connection and not joined again since: name → number of answers that are still expected. */
  private readonly expectedAnswers = new Map<string, number>();

  /** Returns all channels. */
  all(): Channel[] {
    return Object.values(this.channels);
  }

  /** Returns the channel with this name, or undefined if it is not subscribed to. */
  find(name: string): Channel | undefined {
    return this.channels[name];
  }

  /** For the client only: records that a subscription was given up on this connection. */
  ended(name: string, unanswered: boolean): void {
    this.expectedAnswers.set(name, (this.expectedAnswers.get(name) ?? 0) + Number(unanswered));
  }

  /** For the client only: forgets the answers that were expected on an earlier connection. */
  connectionEnded(): void {
    this.expectedAnswers.clear();
  }

  /**
   * For the client only: passes a message to its channel. After a channel was left, everything up to the answer to its next
   * subscription belongs to the earlier one, and is not passed on.
   *
   * @returns whether the client-wide listeners must not receive this message.
   */
  handleEvent(message: ServerMessage & { readonly channel: string }): boolean {
    const { channel: name, event } = message;
    const expected = this.expectedAnswers.get(name);
    if (expected === undefined || (!expected && answers.includes(event))) {
      this.expectedAnswers.delete(name);
      const channel = this.find(name);
      if (channel) return channel.handleEvent(message);
    } else if (expected && answers.includes(event)) this.expectedAnswers.set(name, expected - 1);
    return traitsOf(name).encryption !== "none" && !clearEvents.includes(event);
  }
}
