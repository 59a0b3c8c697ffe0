import { authError, type AuthError } from "./auth/auth-error.ts";
import { Channel } from "./channels/channel.ts";
import type { UserChannelHost, UserGrant } from "./channels/user-channel-host.ts";
import type { ServerMessage } from "./connection/message.ts";
import { Emitter } from "./emitter.ts";
import { fieldsOf, textOf } from "./untrusted.ts";
import { SealcastError } from "./sealcast-error.ts";

/** The user, as the application's server describes it at sign-in. */
export interface UserData {
  readonly id: string;
  readonly user_info?: unknown;
  readonly watchlist?: readonly string[];
}

/** Events of the user object, besides the events that the application sends to this user. */
export interface UserEvents {
  /** The application's endpoint, or the server, refused the sign-in. */
  readonly "pusher:signin_error": AuthError;
  readonly [event: string]: unknown;
}

/** Users of the watchlist who came online or went offline. */
export interface WatchlistEvent {
  readonly name: "online" | "offline";
  readonly user_ids: readonly string[];
}

/** The events of a watchlist. */
export interface WatchlistEvents {
  readonly online: WatchlistEvent;
  readonly offline: WatchlistEvent;
}

/** Longest time for the server's answer to a sign-in, in milliseconds. */
const answerTimeoutMs = 10_000;

/** The signed-in user of a client. Events that the application sends to this user arrive here. */
export class User<Events extends object = UserEvents> extends Emitter<Events> {
  signin_requested = false;
  /** The user, while signed in. */
  user_data: UserData | null = null;
  /** Resolves when the sign-in has ended, with or without success; null before the first `signin()`. */
  signinDonePromise: Promise<void> | null = null;
  /** Announces when users of the watchlist come online and go offline. */
  readonly watchlist: Emitter<WatchlistEvents> = new Emitter();
  /** Why the latest sign-in failed; undefined while none has failed since the last `signin()`. */
  failure: SealcastError | undefined;
  /** For the channel only: the latest answer of the endpoint, until the channel takes its keys. */
  grant: UserGrant | undefined;
  private readonly host: UserChannelHost;
  /** Carries the events to the user who signed in last. It remains across reconnections, so that a replay is recognized. */
  private channel: Channel | undefined;
  /** Resolves {@link User.signinDonePromise}; undefined while no sign-in is under way. */
  private done: (() => void) | undefined;
  private answerTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: UserChannelHost) {
    super();
    this.host = host;
  }

  /** Signs in, now and after each reconnection. Does nothing if that is done or under way. */
  signin(): void {
    if (this.user_data || this.done) return;
    this.failure = undefined;
    this.signin_requested = true;
    this.connected();
  }

  /** There is a connection. For the client only. */
  connected(): void {
    if (!this.signin_requested) return;
    if (!this.done) this.signinDonePromise = new Promise((resolve) => (this.done = resolve));
    if (this.host.connection.state === "connected") void this.authenticate();
  }

  /** The connection has ended. For the client only. */
  disconnected(): void {
    this.end();
    this.connected();
  }

  /**
   * Takes a message of the server. For the client only.
   *
   * @returns whether the client-wide listeners must not receive this message.
   */
  handleEvent(message: ServerMessage): boolean {
    const { event, channel, data } = message;
    if (channel !== undefined) {
      // An event to another user is none of the application's, whatever a server sends.
      return channel === this.channel?.name ? this.channel.handleEvent(message) : channel.startsWith("#");
    }
    if (event === "pusher:signin_success") this.signedIn(data);
    else if (event === "pusher_internal:watchlist_events") {
      for (const change of [fieldsOf(data)["events"]].flat()) {
        this.watchlist.emit(textOf(fieldsOf(change)["name"]), change);
      }
    }
    return false;
  }

  /** The connection has ended; `permanently`: until the user connects again. For the client only. */
  connectionEnded(permanently: boolean): void {
    this.channel?.disconnect(permanently);
  }

  protected override unhandled(event: string): void {
    this.host.onUnhandledEvent("user", event);
  }

  private async authenticate(): Promise<void> {
    const { connection } = this.host;
    const { socket_id: socketId } = connection;
    const isCurrent = (): boolean => connection.state === "connected" && connection.socket_id === socketId;
    try {
      const grant = await this.host.authenticate();
      if (!isCurrent()) return;
      this.grant = grant;
      const { auth, user_data } = grant;
      connection.send_event("pusher:signin", { auth, user_data });
      this.answerTimer = setTimeout(() => {
        this.failed(new SealcastError("refused", "The server did not confirm the sign-in"));
      }, answerTimeoutMs);
    } catch (error) {
      if (isCurrent()) this.failed(error as SealcastError);
    }
  }

  private failed(error: SealcastError): void {
    // First, so that a listener can sign in again.
    this.end();
    this.failure = error;
    this.emit("pusher:signin_error", authError(error));
  }

  private signedIn(data: unknown): void {
    this.end();
    const user = readUser(data);
    if (!user) return;
    this.user_data = user;
    const name = `#server-to-user-${user.id}`;
    if (this.channel?.name !== name) {
      this.connectionEnded(true);
      this.channel =
        this.grant?.createChannel?.(name, this.host, this) ??
        new Channel(name, this.host).bind_global((event, sent) => {
          if (!event.startsWith("pusher:")) this.emit(event, sent);
        });
    }
    this.channel.subscribe();
  }

  /** Ends a sign-in, and the result of an earlier one. */
  private end(): void {
    clearTimeout(this.answerTimer);
    this.user_data = null;
    this.done?.();
    this.done = undefined;
  }
}

function readUser(data: unknown): UserData | undefined {
  try {
    const user = JSON.parse(fieldsOf(data)["user_data"] as string) as UserData;
    return typeof user.id === "string" && user.id ? user : undefined;
  } catch {
    return undefined;
  }
}
