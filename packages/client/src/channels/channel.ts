import { checkText } from "#checks";
import { isClientEvent, isReservedEvent, traitsOf, type ChannelTraits, type Encryption } from "@sealcast/protocol";
import { authError, isFinal, type AuthError } from "../auth/auth-error.ts";
import type { ChannelGrant } from "../auth/channel-grant.ts";
import type { ServerMessage } from "../connection/message.ts";
import { Emitter, type EventMetadata, type EventName, type UnknownEvents } from "../emitter.ts";
import { SealcastError } from "../sealcast-error.ts";
import { fieldsOf, textOf } from "../untrusted.ts";
import type { ChannelHost } from "./channel-host.ts";
import { Decryption } from "./decryption.ts";
import { Members } from "./roster.ts";

/** Events that every channel has besides those of the application. */
export interface ChannelEvents {
  readonly "pusher:subscription_succeeded": unknown;
  readonly "pusher:subscription_error": AuthError;
  readonly "pusher:subscription_count": { readonly subscription_count: number };
  /** Cache channels: the server has no last event. */
  readonly "pusher:cache_miss": unknown;
}

/** Longest channel name of any server, in characters. A test compares it with the limits of the protocol. */
export const longestName = 200;

/** Everything that the server may send unencrypted on an encrypted channel. */
export const clearEvents: readonly string[] = [
  "pusher_internal:subscription_succeeded",
  "pusher_internal:subscription_count",
  "pusher_internal:member_added",
  "pusher_internal:member_removed",
  "pusher:subscription_error",
  "pusher:cache_miss",
];

/**
 * A channel. Its name decides what it has: members on presence kinds, decryption on encrypted kinds, the last event on
 * cache kinds. `client.subscribe` creates channels.
 */
export class Channel<Events extends object = UnknownEvents> extends Emitter<Events & ChannelEvents> {
  readonly name: string;
  /** The client that this channel belongs to. */
  readonly pusher: ChannelHost;
  /** Number of subscribed connections, if the server announces it. */
  subscriptionCount: number | undefined;
  /** Why the latest subscription failed. Undefined while none has failed since the last call of `subscribe`. */
  failure: SealcastError | undefined;
  /** Cache channels: the latest event, so that a listener that is bound later can start with it. */
  lastEvent: { readonly event: string; readonly data: unknown } | undefined;
  /** Whether the channel was left while its subscription was under way. The drop-in for `pusher-js` leaves it afterwards. */
  subscriptionCancelled = false;
  private phase: "off" | "authorizing" | "requested" | "on" = "off";
  /** Number of the current subscription: answers to earlier ones are ignored. */
  private attempt = 0;
  private readonly leaving = new AbortController();
  private readonly traits: ChannelTraits;
  private readonly roster: Members | undefined;
  private readonly decryption: Decryption | undefined;

  /**
   * For the client only: use its `subscribe`.
   *
   * @param encryption of its events. Default: that of its kind.
   */
  constructor(name: string, host: ChannelHost, encryption: Encryption = traitsOf(name).encryption) {
    super();
    this.name = name;
    this.pusher = host;
    this.traits = traitsOf(name);
    const { members } = this.traits;
    // The types `PresenceChannel` and `EncryptedChannel` declare what only their kinds have.
    if (members) Object.assign(this, { members: (this.roster = new Members()) });
    // Without the option, an app can have ordinary channels with the names of sealed ones.
    if (encryption === "none" || (this.traits.encryption === "sealed" && !host.options.sealed)) return;
    this.decryption = new Decryption(name, encryption, host, {
      authorize: () => this.requestGrant(1),
      deliver: (event, data, metadata) => {
        this.deliver(event, data, metadata);
        host.emit(event, data);
      },
      drop: (error) => this.emit("pusher:decryption_error", error),
      refused: (error) => this.refused(error),
    });
    Object.assign(this, { counters: this.decryption.counters });
  }

  /** Whether the channel is subscribed, so that events arrive. */
  get subscribed(): boolean {
    return this.phase === "on";
  }

  /** Whether a subscription is under way. */
  get subscriptionPending(): boolean {
    return this.phase === "authorizing" || this.phase === "requested";
  }

  /** Aborts when the channel is left. This object then receives no more events. */
  get left(): AbortSignal {
    return this.leaving.signal;
  }

  /**
   * Sends a client event to the other subscribers.
   *
   * @param event name that starts with `client-`.
   * @returns whether there was a connection to send it on.
   * @throws {SealcastError} `invalid-argument` for any other event name; `unsupported` on an encrypted channel without the
   * option `encryptedClientEvents`.
   */
  trigger<Name extends EventName<Events>>(event: Name, data: Events[Name]): boolean {
    checkText("name of an event", event);
    if (!isClientEvent(event)) {
      throw new SealcastError("invalid-argument", `Event '${event}' does not start with 'client-'`);
    }
    const sent = this.decryption ? this.decryption.encrypt(event, data) : data;
    return (!this.decryption || sent !== undefined) && this.pusher.connection.send_event(event, sent, this.name);
  }

  /** Joins the channel on the current connection. For the client only. */
  subscribe(): void {
    if (this.phase !== "off" || this.left.aborted) return;
    this.phase = "authorizing";
    this.failure = undefined;
    this.attempt += 1;
    const { attempt } = this;
    this.authorize().then(
      (grant) => attempt === this.attempt && this.granted(grant),
      (error: SealcastError) => attempt === this.attempt && this.refused(error),
    );
  }

  /** Leaves the channel, as `client.unsubscribe(channel.name)` does. */
  unsubscribe(): void {
    this.pusher.leave(this);
  }

  /** Ends the subscription, until the next call of `subscribe`. For the client only. */
  stop(): void {
    this.release();
    this.decryption?.forget();
    this.settle("off");
  }

  /** Leaves the channel: stops it and aborts `left`. For the client only. */
  end(): void {
    this.stop();
    this.leaving.abort();
  }

  /** Leaves as soon as the subscription under way has succeeded. For the drop-in only. */
  cancelSubscription(): void {
    this.subscriptionCancelled = true;
  }

  /** Undoes {@link Channel.cancelSubscription}. For the drop-in only. */
  reinstateSubscription(): void {
    this.subscriptionCancelled = false;
  }

  /** The connection has ended; `permanently`: until the user connects again. For the client only. */
  disconnect(permanently: boolean): void {
    this.roster?.reset();
    // Keys are kept across a reconnection, so that events encrypted with an older key can be decrypted.
    if (permanently) this.decryption?.forget();
    this.settle("off");
  }

  /**
   * Takes a message of the server for this channel. For the client only.
   *
   * @returns whether the channel calls the client-wide listeners itself.
   */
  handleEvent({ event, data, user_id }: ServerMessage): boolean {
    const { roster: members, decryption } = this;
    const openInfo = (id: string, info: unknown): unknown => (decryption ? decryption.openInfo(id, info) : info);
    if (decryption && !clearEvents.includes(event)) {
      if (!isReservedEvent(event)) decryption.receive(event, data, user_id);
      return true;
    }
    if (event === "pusher_internal:subscription_succeeded") {
      decryption?.subscribed();
      members?.onSubscription(data, openInfo);
      if (this.settle("on")) this.emit("pusher:subscription_succeeded", members ?? data);
    } else if (event === "pusher_internal:subscription_count") {
      const { subscription_count: count } = fieldsOf(data);
      if (count) this.subscriptionCount = Number(textOf(count));
      this.emit("pusher:subscription_count", data);
    } else if (event === "pusher_internal:member_added" && members) {
      this.emit("pusher:member_added", members.addMember(data, openInfo));
    } else if (event === "pusher_internal:member_removed" && members) {
      const member = members.removeMember(data);
      if (member) this.emit("pusher:member_removed", member);
    } else if (!event.startsWith("pusher_internal:")) {
      if (event === "pusher:subscription_error") {
        // pusher-js leaves the subscription pending after this; ours can be tried again.
        const { error, status } = fieldsOf(data);
        this.failure = new SealcastError("refused", textOf(error), Number(textOf(status)) || undefined);
        this.settle("off");
      }
      this.deliver(event, data, user_id === undefined ? {} : { user_id });
    }
    return false;
  }

  protected override unhandled(event: string): void {
    this.pusher.onUnhandledEvent(this.name, event);
  }

  private deliver(event: string, data: unknown, metadata: EventMetadata): void {
    if (this.traits.cached && !isClientEvent(event)) {
      this.lastEvent = isReservedEvent(event) ? undefined : { event, data };
    }
    this.emit(event, data, metadata);
  }

  /** Obtains permission to join. Rejects with a {@link SealcastError}. */
  private async authorize(): Promise<ChannelGrant> {
    if (this.name.length > longestName) {
      throw new SealcastError("refused", `Channel names have at most ${longestName} characters`, 400);
    }
    if (this.traits.auth !== "signature" && !this.decryption) return { auth: "", secrets: [] };
    const [grant] = await Promise.all([this.requestGrant(3), this.decryption?.load()]);
    return grant;
  }

  protected requestGrant(attempts: number): Promise<ChannelGrant> {
    const { connection } = this.pusher;
    return this.pusher.authorize({
      channel: this.name,
      socketId: connection.socket_id ?? "",
      encrypted: this.decryption !== undefined,
      attempts,
    });
  }

  private granted(grant: ChannelGrant): void {
    const { auth, channelData, memberId } = grant;
    if (this.roster) this.roster.myID = memberId ?? null;
    this.decryption?.addSecrets(grant);
    this.phase = "requested";
    this.pusher.connection.send_event("pusher:subscribe", { auth, channel_data: channelData, channel: this.name });
  }

  /** Ends the subscription, until the next connection or the next `subscribe`. */
  private refused(error: SealcastError): void {
    this.failure = error;
    if (isFinal(error)) this.decryption?.forget();
    this.release();
    if (this.settle("off")) this.emit("pusher:subscription_error", authError(error));
  }

  /** Tells the server to end the subscription, if it knows of it. */
  private release(): void {
    const { phase, name } = this;
    if (phase !== "on" && phase !== "requested") return;
    this.pusher.subscriptionEnded(name, phase === "requested");
    this.pusher.connection.send_event("pusher:unsubscribe", { channel: name });
  }

  /** Ends the subscription attempt. Returns false if the channel was cancelled: it is then left. */
  private settle(phase: "off" | "on"): boolean {
    const { subscriptionCancelled } = this;
    this.phase = phase;
    this.attempt += 1;
    this.subscriptionCancelled = false;
    if (subscriptionCancelled) this.pusher.unsubscribe(this.name);
    return !subscriptionCancelled;
  }
}
