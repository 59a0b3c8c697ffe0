import {
  closeReasons,
  encodeServerMessage,
  errorCatalogue,
  parseClientMessage,
  type ChannelName,
  type CloseReason,
  type ErrorId,
  type Member,
  type Problem,
  type ServerMessage,
  type SocketId,
  type UserData,
} from "@sealcast/protocol";
import type { ClientDetails } from "../core/monitoring/activity.ts";
import type { App } from "../core/apps/app.ts";
import { maxWaitingLength, maxWaitingMessages } from "../core/connections/waiting-messages.ts";
import { andThen, ifLater, inBackground, type Awaitable } from "../core/awaitable.ts";
import { errorLocation } from "../core/errors/error-location.ts";
import { decideLiveness } from "../core/connections/liveness.ts";
import { countsAtOpen, isQuotaUsed } from "../core/connections/open.ts";
import { answersPings, wantsErrorBeforeClose } from "../core/connections/protocol-version.ts";
import { RateWindow } from "../core/connections/rate.ts";
import { SubscriptionPace } from "../core/connections/subscription-pace.ts";
import type { ServerSettings } from "../core/settings/server-settings.ts";
import type { Clock } from "../ports/clock.ts";
import type { ConnectionQuota } from "../ports/connection-quota.ts";
import type { Observer } from "../ports/observer.ts";
import type { Link, LinkEvents } from "../ports/transport.ts";
import type { Client } from "./client.ts";
import type { MessageHandler } from "./handlers/message-handler.ts";
import type { Hub } from "./hub.ts";
import { MessageQueue } from "./message-queue.ts";

/** A connection that is to be opened. */
export interface Opening {
  readonly app: App;
  readonly socketId: SocketId;
  readonly details: ClientDetails;
  readonly protocolVersion: number;
  /** See `Client`. */
  readonly opensForRecovery: boolean;
}

/** What a session itself works with. */
export interface SessionPorts {
  readonly hub: Hub;
  readonly handler: MessageHandler;
  readonly quota: ConnectionQuota;
  readonly clock: Pick<Clock, "monotonicNow">;
  readonly observer: Observer;
  readonly settings: ServerSettings;
}

// Framed once for all connections.
const ping = encodeServerMessage({ kind: "ping" });

const internal: Problem = { id: "internal", message: "The server could not handle this message; try again" };
const authErrors: ReadonlySet<ErrorId> = new Set(["invalidSignature", "invalidKey", "notOwner", "invalidChannelData"]);

/** Shared empty watchlist: most connections have none. */
const nobody: readonly string[] = [];

/** One client connection from the handshake to its end. Handles one message at a time, in the order of arrival. */
export class Session implements LinkEvents, Client {
  readonly app: App;
  readonly socketId: SocketId;
  readonly link: Link;
  readonly details: ClientDetails;
  readonly openedMs: number;
  readonly opensForRecovery: boolean;
  readonly #memberships = new Map<ChannelName, Member | undefined>();
  readonly #ports: SessionPorts;
  readonly #version: number;
  #user: UserData | undefined;
  #watchlist = nobody;
  #lastHeardMs: number;
  /** When the unanswered ping was sent. */
  #pingedMs: number | undefined;
  #authorized = false;
  /** Whether the connection counts towards its app's quota. */
  #counted = false;
  /** Whether it was admitted to the quota, on all nodes together. */
  #admitted = false;
  #open = true;
  #messages: RateWindow | undefined;
  #clientEvents: RateWindow | undefined;
  #pace: SubscriptionPace | undefined;
  #queue: MessageQueue | undefined;

  constructor(opening: Opening, link: Link, ports: SessionPorts) {
    const { app, socketId, details, protocolVersion, opensForRecovery } = opening;
    this.app = app;
    this.socketId = socketId;
    this.details = details;
    this.link = link;
    this.#ports = ports;
    this.#version = protocolVersion;
    this.opensForRecovery = opensForRecovery;
    this.openedMs = ports.clock.monotonicNow();
    this.#lastHeardMs = this.openedMs;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  get memberships(): ReadonlyMap<ChannelName, Member | undefined> {
    return this.#memberships;
  }

  get user(): UserData | undefined {
    return this.#user;
  }

  get watchlist(): readonly string[] {
    return this.#watchlist;
  }

  /** Joins the hub and greets the client, or closes the connection if the app has too many on all nodes. */
  start(): void {
    this.#ports.hub.add(this);
    if (!countsAtOpen(this.app)) return this.#greet();
    const greeted = andThen(this.#count(), (overQuota) =>
      overQuota === undefined ? this.#greet() : this.close(overQuota),
    );
    ifLater(greeted, (later) => this.#hold(0, later));
  }

  receive(text: string): void {
    if (!this.#open) return;
    const { clock, settings } = this.#ports;
    const now = clock.monotonicNow();
    this.#markAlive(now);
    if (settings.maxMessagesPerSecond > 0) {
      this.#messages ??= new RateWindow(settings.maxMessagesPerSecond);
      if (!this.#messages.take(now)) return this.close(closeReasons.tooManyMessages);
    }
    if (this.#queue?.isBusy === true) {
      if (this.#isQueueFull(this.#queue)) return this.close(closeReasons.tooManyMessages);
      return this.#queue.add(text.length, () => this.#handle(text));
    }
    try {
      ifLater(this.#handle(text), (handled) => this.#hold(text.length, handled));
    } catch (error) {
      this.failed(error);
    }
  }

  alive(): void {
    this.#markAlive(this.#ports.clock.monotonicNow());
  }

  closed(reason?: CloseReason): void {
    if (this.#open) this.#end(reason);
  }

  tick(nowMs: number): void {
    const decision = decideLiveness(
      {
        nowMs,
        openedMs: this.openedMs,
        lastHeardMs: this.#lastHeardMs,
        pingedMs: this.#pingedMs,
        answersPings: answersPings(this.#version),
        awaitsAuthorization: this.app.authorizedConnections && !this.#authorized,
      },
      this.#ports.settings,
    );
    if (decision === "quiet") return;
    if (decision !== "ping") return this.close(decision);
    this.#pingedMs = nowMs;
    this.link.send(ping);
  }

  entered(channel: ChannelName, member: Member | undefined): void {
    this.#memberships.set(channel, member);
  }

  left(channel: ChannelName): void {
    this.#memberships.delete(channel);
    this.#pace ??= new SubscriptionPace(this.#ports.settings.repeatedSubscriptionsPerSecond);
    this.#pace.ended();
  }

  signedIn(user: UserData): void {
    this.#user = user;
  }

  watches(userIds: readonly string[]): void {
    this.#watchlist = userIds;
  }

  authorized(): CloseReason | undefined {
    this.#authorized = true;
    if (this.#counted) return undefined;
    if (isQuotaUsed(this.app, this.#ports.hub.connectionsOf(this.app.id))) return closeReasons.overConnectionQuota;
    const overQuota = this.#count();
    if (!(overQuota instanceof Promise)) return overQuota;
    // Other nodes may have used the quota up; until that is known, the connection goes on.
    const decided = overQuota.then((reason) => reason && this.close(reason));
    inBackground(decided, (error) => this.failed(error));
    return undefined;
  }

  takeSubscription(): number {
    return this.#pace?.take(this.#ports.clock.monotonicNow()) ?? 0;
  }

  takeClientEvent(): boolean {
    this.#clientEvents ??= new RateWindow(this.app.clientEventsPerSecond);
    return this.#clientEvents.take(this.#ports.clock.monotonicNow());
  }

  send(message: ServerMessage): void {
    this.sendEncoded(encodeServerMessage(message));
  }

  sendEncoded(message: string): void {
    this.link.send(message);
  }

  refuse(problem: Problem): void {
    this.#refuse(problem, undefined);
  }

  refuseSubscription(channel: string, problem: Problem): void {
    this.#refuse(problem, channel);
    this.send({
      kind: "subscription-error",
      channel,
      type: authErrors.has(problem.id) ? "AuthError" : "SubscriptionError",
      error: problem.message,
      status: errorCatalogue[problem.id].status,
    });
  }

  failed(error: unknown, channel?: ChannelName): void {
    const { observer } = this.#ports;
    if (observer.wants("connection-failed")) {
      observer.observe({ kind: "connection-failed", ...this.#id(), where: errorLocation(error) });
    }
    if (!this.#open) return;
    if (channel === undefined) this.refuse(internal);
    else this.refuseSubscription(channel, internal);
  }

  close(reason: CloseReason): void {
    if (!this.#open) return;
    if (wantsErrorBeforeClose(this.#version)) {
      this.send({ kind: "error", message: reason.message, code: reason.code });
    }
    this.link.close(reason.code, reason.message);
    this.#end(reason);
  }

  #markAlive(nowMs: number): void {
    this.#lastHeardMs = nowMs;
    this.#pingedMs = undefined;
  }

  #handle(text: string): Awaitable<void> {
    if (!this.#open) return undefined;
    const parsed = parseClientMessage(text, this.app.maxChannelNameLength);
    if (parsed.ok) return this.#ports.handler.handle(this, parsed.value);
    const { channel } = parsed.error;
    return channel === undefined ? this.refuse(parsed.error) : this.refuseSubscription(channel, parsed.error);
  }

  /** A client subscribes to everything at once when it reconnects; beyond that, it has to wait for answers. */
  #isQueueFull({ count, length }: MessageQueue): boolean {
    return count >= maxWaitingMessages(this.#ports.settings) || length >= maxWaitingLength;
  }

  #refuse(problem: Problem, channel: string | undefined): void {
    const { observer } = this.#ports;
    if (observer.wants("message-refused")) {
      const { id: error, message } = problem;
      observer.observe({ kind: "message-refused", ...this.#id(), error, message, channel });
    }
    this.send({ kind: "error", message: problem.message, code: errorCatalogue[problem.id].code });
  }

  #greet(): void {
    if (!this.#open) return;
    const { activityTimeoutSeconds } = this.#ports.settings;
    const recovery = this.app.history.length > 0;
    this.send({ kind: "connection-established", socketId: this.socketId, activityTimeoutSeconds, recovery });
  }

  /** Makes later messages wait until `work` on a message of `length` is done. */
  #hold(length: number, work: Promise<void>): void {
    this.#queue ??= new MessageQueue((error) => this.failed(error));
    this.#queue.hold(length, work);
  }

  /** Counts the connection towards its app's quota. Returns a reason to close it if it exceeds the quota. */
  #count(): Awaitable<CloseReason | undefined> {
    this.#counted = true;
    const { hub, quota } = this.#ports;
    const { id, maxConnections } = this.app;
    hub.count(id);
    if (maxConnections === 0) return undefined;
    return andThen(quota.admit(id, maxConnections), (admitted) => {
      this.#admitted = admitted;
      if (!admitted) return closeReasons.overConnectionQuota;
      if (!this.#open) this.#release();
      return undefined;
    });
  }

  #release(): void {
    if (!this.#admitted) return;
    this.#admitted = false;
    inBackground(this.#ports.quota.release(this.app.id), (error) => this.failed(error));
  }

  /** @param reason why the server closed the connection; undefined: the client or the network ended it. */
  #end(reason: CloseReason | undefined): void {
    this.#open = false;
    const { hub, handler, observer } = this.#ports;
    if (observer.wants("connection-closed")) this.#observeEnd(reason);
    handler.end(this);
    if (this.#counted) hub.uncount(this.app.id);
    this.#release();
    hub.remove(this);
  }

  #observeEnd(reason: CloseReason | undefined): void {
    this.#ports.observer.observe({
      kind: "connection-closed",
      ...this.#id(),
      ...this.details,
      code: reason?.code,
      reason: reason?.message,
      userId: this.#user?.id,
      channels: [...this.#memberships.keys()],
      lifetimeMs: Math.round(this.#ports.clock.monotonicNow() - this.openedMs),
    });
  }

  #id(): { readonly app: App["id"]; readonly socketId: SocketId } {
    return { app: this.app.id, socketId: this.socketId };
  }
}
