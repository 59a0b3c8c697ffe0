import { authError, type AuthError } from "../auth/auth-error.ts";
import type { ChannelGrant } from "../auth/channel-grant.ts";
import type { ServerMessage } from "../connection/message.ts";
import { Emitter, type UnknownEvents } from "../emitter.ts";
import { fieldsOf, textOf } from "../fields-of.ts";
import { SealcastError } from "../sealcast-error.ts";
import type { ChannelHost } from "./channel-host.ts";

/** Events that every channel has besides those of the application. */
export interface ChannelEvents {
  readonly "pusher:subscription_succeeded": unknown;
  readonly "pusher:subscription_error": AuthError;
  readonly "pusher:subscription_count": { readonly subscription_count: number };
  /** Cache channels: there is no last event to begin with. */
  readonly "pusher:cache_miss": unknown;
}

/** A channel that anybody may join. */
export class Channel<Events extends object = UnknownEvents> extends Emitter<Events & ChannelEvents> {
  readonly name: string;
  /** The client that this channel belongs to. */
  readonly pusher: ChannelHost;
  /** How many connections are subscribed, where the server tells. */
  subscriptionCount: number | undefined;
  #phase: "off" | "pending" | "cancelled" | "on" = "off";
  /** Counts subscriptions, so that a late answer to an older one is recognized. */
  #attempt = 0;
  readonly #leaving = new AbortController();

  /** For the client alone: use its `subscribe`. */
  constructor(name: string, host: ChannelHost) {
    super();
    this.name = name;
    this.pusher = host;
  }

  /** Whether events arrive. */
  get subscribed(): boolean {
    return this.#phase === "on";
  }

  /** Whether a subscription is under way. */
  get subscriptionPending(): boolean {
    return this.#phase === "pending" || this.subscriptionCancelled;
  }

  /** Whether the channel was left while its subscription was under way. */
  get subscriptionCancelled(): boolean {
    return this.#phase === "cancelled";
  }

  /** Aborts when the channel is left: this object then stays silent for ever. */
  get left(): AbortSignal {
    return this.#leaving.signal;
  }

  /**
   * Sends a client event to the other subscribers.
   *
   * @param event name that starts with `client-`; any other throws.
   * @returns whether there was a connection to send it on.
   */
  trigger(event: string, data: unknown): boolean {
    if (!event.startsWith("client-")) {
      throw new SealcastError("invalid-argument", `Event '${event}' does not start with 'client-'`);
    }
    return this.pusher.connection.send_event(event, data, this.name);
  }

  /** Joins the channel on the present connection. For the client alone. */
  subscribe(): void {
    if (this.#phase !== "off") return;
    this.#phase = "pending";
    this.#attempt += 1;
    const attempt = this.#attempt;
    const isCurrent = (): boolean => attempt === this.#attempt && this.subscriptionPending;
    this.authorize().then(
      (grant) => isCurrent() && this.granted(grant),
      (error: SealcastError) => isCurrent() && this.refused(error),
    );
  }

  /** Leaves the channel. For the client alone: use its `unsubscribe`. */
  unsubscribe(): void {
    if (this.subscribed) this.#send("unsubscribe", { channel: this.name });
    this.#phase = "off";
    this.#leaving.abort();
  }

  /** Leaves as soon as the subscription under way has succeeded. For the client alone. */
  cancelSubscription(): void {
    this.#phase = "cancelled";
  }

  /** Takes back {@link Channel.cancelSubscription}. For the client alone. */
  reinstateSubscription(): void {
    this.#phase = "pending";
  }

  /** Told that the connection is gone; `forGood`: until the user connects again. For the client alone. */
  disconnect(_forGood: boolean): void {
    this.#end("off");
  }

  /** Takes a message of the server for this channel. For the client alone. */
  handleEvent({ event, data, user_id }: ServerMessage): void {
    if (event === "pusher_internal:subscription_succeeded") {
      if (this.#end("on")) this.emit("pusher:subscription_succeeded", this.welcome(data));
    } else if (event === "pusher_internal:subscription_count") {
      const { subscription_count: count } = fieldsOf(data);
      if (count) this.subscriptionCount = Number(textOf(count));
      this.emit("pusher:subscription_count", data);
    } else if (!event.startsWith("pusher_internal:")) {
      // pusher-js leaves the subscription pending after this; ours can be tried again.
      if (event === "pusher:subscription_error") this.#end("off");
      this.emit(event, data, user_id === undefined ? {} : { user_id });
    }
  }

  protected override unheard(event: string): void {
    this.pusher.heardByNobody(this.name, event);
  }

  /** Obtains permission to join; rejects with a {@link SealcastError}. */
  protected async authorize(): Promise<ChannelGrant> {
    return { auth: "", secrets: [] };
  }

  /** Joins with the permission that was obtained. */
  protected granted({ auth, channelData }: ChannelGrant): void {
    this.#send("subscribe", { auth, channel_data: channelData, channel: this.name });
  }

  /** Reads what the server says to a new subscriber, and gives what the listeners learn of it. */
  protected welcome(data: unknown): unknown {
    return data;
  }

  /** Gives up the subscription, until the next connection or the next `subscribe`. */
  protected refused(error: SealcastError): void {
    if (this.subscribed) this.#send("unsubscribe", { channel: this.name });
    if (this.#end("off")) this.emit("pusher:subscription_error", authError(error));
  }

  /** Ends what was under way. Returns false where the channel was to be left as soon as that happened. */
  #end(phase: "off" | "on"): boolean {
    const { subscriptionCancelled } = this;
    this.#phase = phase;
    if (subscriptionCancelled) this.pusher.unsubscribe(this.name);
    return !subscriptionCancelled;
  }

  #send(what: "subscribe" | "unsubscribe", data: object): void {
    this.pusher.connection.send_event(`pusher:${what}`, data);
  }
}
