import {
  closeReasons,
  encodeServerMessage,
  errorCatalogue,
  parseClientMessage,
  type ChannelName,
  type ClientMessage,
  type CloseReason,
  type ErrorId,
  type Member,
  type Problem,
  type ServerMessage,
  type SocketId,
  type UserData,
} from "@sealcast/protocol";
import type { ClientDetails } from "../core/activity.ts";
import type { App } from "../core/app.ts";
import { whereOf } from "../core/fault.ts";
import { answersPings, wantsErrorBeforeClose } from "../core/protocol-version.ts";
import { RateWindow } from "../core/rate.ts";
import { outgoing, type Link, type LinkEvents } from "../ports/transport.ts";
import { inBackground, type Awaitable } from "../core/awaitable.ts";
import { relayClientEvent } from "./relay-client-event.ts";
import type { Services } from "./services.ts";
import { signIn, signOut } from "./sign-in.ts";
import { leaveChannel, subscribe, unsubscribe } from "./subscribe.ts";

// Framed once for all connections.
const pong = outgoing(encodeServerMessage({ kind: "pong" }));
const ping = outgoing(encodeServerMessage({ kind: "ping" }));

/** Messages that may wait behind one whose answer comes from elsewhere, besides one for each subscription. */
const maxHeld = 1_000;
/** Silence after which a client that cannot answer pings is let go, in milliseconds. Source: the Channels protocol. */
const inactiveAfterMs = 24 * 60 * 60 * 1_000;

const internal: Problem = { id: "internal", message: "The server could not handle this message; try again" };
const authErrors: ReadonlySet<ErrorId> = new Set(["invalidSignature", "invalidKey", "notOwner", "invalidChannelData"]);

/** One for all connections that watch nobody, which is nearly all. */
const nobody: readonly string[] = [];

/** A connection that is to be opened. */
export interface Opening {
  readonly app: App;
  readonly socketId: SocketId;
  readonly details: ClientDetails;
  readonly protocolVersion: number;
  /** Whether the connection counts towards its app's quota already. */
  readonly counted: boolean;
}

/** One client connection from the handshake to its end. Handles one message at a time, in the order of arrival. */
export class Session implements LinkEvents {
  readonly app: App;
  readonly socketId: SocketId;
  readonly link: Link;
  readonly services: Services;
  /** The channels that it is subscribed to, each with the member that it is there, on presence channels. */
  readonly subscriptions = new Map<ChannelName, Member | undefined>();
  /** The signed-in user. */
  user: UserData | undefined;
  /** The ids of `user` that are watched. */
  watchlist: readonly string[] = nobody;
  readonly details: ClientDetails;
  readonly #version: number;
  readonly #openedMs: number;
  #lastHeardMs: number;
  /** When the unanswered ping was sent; 0: none is out. */
  #pingedMs = 0;
  #authorized = false;
  #counted: boolean;
  #open = true;
  #messages: RateWindow | undefined;
  #clientEvents: RateWindow | undefined;
  /** The message that is being handled and those behind it; undefined when nothing is under way. */
  #busy: Promise<void> | undefined;
  #held = 0;
  /** Characters of the held messages. */
  #heldLength = 0;

  constructor({ app, socketId, details, protocolVersion, counted }: Opening, link: Link, services: Services) {
    this.app = app;
    this.socketId = socketId;
    this.details = details;
    this.link = link;
    this.services = services;
    this.#version = protocolVersion;
    this.#counted = counted;
    this.#openedMs = services.clock.monotonicNow();
    this.#lastHeardMs = this.#openedMs;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Joins the hub and greets the client. */
  start(): void {
    this.services.hub.add(this);
    this.send({
      kind: "connection-established",
      socketId: this.socketId,
      activityTimeoutSeconds: this.services.limits.activityTimeoutSeconds,
    });
  }

  receive(text: string): void {
    if (!this.#open) return;
    const now = this.services.clock.monotonicNow();
    this.#heard(now);
    const { maxMessagesPerSecond } = this.services.limits;
    if (maxMessagesPerSecond > 0) {
      this.#messages ??= new RateWindow(maxMessagesPerSecond);
      if (!this.#messages.take(now)) return this.close(closeReasons.tooManyMessages);
    }
    if (this.#busy !== undefined) {
      if (this.#holdsTooMuch()) return this.close(closeReasons.tooManyMessages);
      return this.#hold(
        text.length,
        this.#busy.then(() => this.#handle(text)),
      );
    }
    try {
      const handled = this.#handle(text);
      if (handled instanceof Promise) this.#hold(text.length, handled);
    } catch (error) {
      this.failed(error);
    }
  }

  alive(): void {
    this.#heard(this.services.clock.monotonicNow());
  }

  closed(): void {
    if (this.#open) this.#end(undefined);
  }

  send(message: ServerMessage): void {
    this.link.send(outgoing(encodeServerMessage(message)));
  }

  /** Tells the client of a refusal; the connection stays. `channel` is that of a refused subscription. */
  refuse(problem: Problem, channel?: string): void {
    const row = errorCatalogue[problem.id];
    const { observer } = this.services;
    if (observer.wants("message-refused")) {
      const { id: error, message } = problem;
      observer.observe({ kind: "message-refused", app: this.app.id, socketId: this.socketId, error, message, channel });
    }
    this.send({ kind: "error", message: problem.message, code: row.code });
  }

  /** Tells of a refused subscription in both ways that client libraries listen to; the connection stays. */
  refuseSubscription(channel: string, problem: Problem): void {
    this.refuse(problem, channel);
    this.send({
      kind: "subscription-error",
      channel,
      type: authErrors.has(problem.id) ? "AuthError" : "SubscriptionError",
      error: problem.message,
      status: errorCatalogue[problem.id].status,
    });
  }

  /** Notes that something unexpected went wrong, and tells the client; `channel` where it was a subscription. */
  failed(error: unknown, channel?: ChannelName): void {
    const { observer } = this.services;
    if (observer.wants("connection-failed")) {
      const where = whereOf(error);
      observer.observe({ kind: "connection-failed", app: this.app.id, socketId: this.socketId, where });
    }
    if (!this.#open) return;
    if (channel === undefined) this.refuse(internal);
    else this.refuseSubscription(channel, internal);
  }

  /** Closes the connection and gives up all it holds. */
  close(reason: CloseReason): void {
    if (!this.#open) return;
    if (wantsErrorBeforeClose(this.#version)) {
      this.send({ kind: "error", message: reason.message, code: reason.code });
    }
    this.link.close(reason.code, reason.message);
    this.#end(reason);
  }

  /** Notes that the connection has signed in or is on a private channel. Closes it where that exceeds the app's quota. */
  authorize(): void {
    this.#authorized = true;
    if (this.#counted) return;
    this.#counted = this.services.hub.count(this.app.id, this.app.maxConnections);
    if (!this.#counted) this.close(closeReasons.overConnectionQuota);
  }

  /** Whether one more client event fits into this second. */
  takeClientEvent(): boolean {
    this.#clientEvents ??= new RateWindow(this.app.clientEventsPerSecond);
    return this.#clientEvents.take(this.services.clock.monotonicNow());
  }

  /** Looks after silence and missing authorization; called about once a second. */
  tick(nowMs: number): void {
    const { limits } = this.services;
    if (this.app.authorizedConnections && !this.#authorized) {
      if (nowMs - this.#openedMs >= limits.authorizationTimeoutSeconds * 1_000) {
        return this.close(closeReasons.notAuthorizedInTime);
      }
    }
    const silentMs = nowMs - this.#lastHeardMs;
    if (silentMs < limits.activityTimeoutSeconds * 1_000) return;
    if (!answersPings(this.#version)) {
      if (silentMs >= inactiveAfterMs) this.close(closeReasons.inactive);
    } else if (this.#pingedMs === 0) {
      this.#pingedMs = nowMs;
      this.link.send(ping);
    } else if (nowMs - this.#pingedMs >= limits.pongTimeoutSeconds * 1_000) {
      this.close(closeReasons.pongNotReceived);
    }
  }

  #heard(nowMs: number): void {
    this.#lastHeardMs = nowMs;
    this.#pingedMs = 0;
  }

  /** Handles a message, and gives a promise only where an answer comes from elsewhere. */
  #handle(text: string): Awaitable<void> {
    if (!this.#open) return undefined;
    const parsed = parseClientMessage(text, this.app.maxChannelNameLength);
    if (!parsed.ok) {
      const { channel } = parsed.error;
      return channel === undefined ? this.refuse(parsed.error) : this.refuseSubscription(channel, parsed.error);
    }
    return this.#dispatch(parsed.value);
  }

  #dispatch(message: ClientMessage): Awaitable<void> {
    switch (message.kind) {
      case "ping":
        return this.link.send(pong);
      case "pong":
        return undefined;
      case "subscribe":
        return subscribe(this, message);
      case "unsubscribe":
        return unsubscribe(this, message.channel);
      case "signin":
        return signIn(this, message);
      case "client-event":
        return relayClientEvent(this, message);
    }
  }

  /** Keeps later messages back until the work on one of this length is done. */
  #hold(length: number, work: Promise<void>): void {
    this.#held += 1;
    this.#heldLength += length;
    const busy = work
      .catch((error: unknown) => this.failed(error))
      .finally(() => {
        this.#held -= 1;
        this.#heldLength -= length;
        if (this.#busy === busy) this.#busy = undefined;
      });
    this.#busy = busy;
  }

  /** A client subscribes to everything at once when it reconnects; beyond that, it has to wait for answers. */
  #holdsTooMuch(): boolean {
    const { maxSubscriptionsPerConnection, maxOutboxBytes } = this.services.limits;
    return this.#held >= maxHeld + maxSubscriptionsPerConnection || this.#heldLength >= maxOutboxBytes;
  }

  /** @param reason why the server closed the connection; undefined: the client or the network ended it. */
  #end(reason: CloseReason | undefined): void {
    this.#open = false;
    const { hub, observer } = this.services;
    if (observer.wants("connection-closed")) {
      observer.observe({
        kind: "connection-closed",
        app: this.app.id,
        socketId: this.socketId,
        ...this.details,
        code: reason?.code,
        reason: reason?.message,
        userId: this.user?.id,
        channels: [...this.subscriptions.keys()],
        lifetimeMs: Math.round(this.services.clock.monotonicNow() - this.#openedMs),
      });
    }
    const failed = (error: unknown): void => this.failed(error);
    for (const channel of this.subscriptions.keys()) inBackground(leaveChannel(this, channel), failed);
    if (this.user !== undefined) inBackground(signOut(this, this.user), failed);
    if (this.#counted) hub.uncount(this.app.id);
    hub.remove(this);
  }
}
