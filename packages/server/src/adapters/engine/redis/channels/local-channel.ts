import type { AppId, ChannelName, Member, SocketId } from "@sealcast/protocol";
import { presenceAnnouncements } from "../../../../core/channels/presence-announcement.ts";
import type { Delivery, History, Position } from "../../../../ports/broker.ts";
import type { PresenceJoining } from "../../../../ports/occupancy.ts";
import { DeliveredPosition } from "./delivered-position.ts";
import { Gate } from "../gate.ts";
import { bucketOf } from "../encoding/keys.ts";
import { KnownMembers, type MissedMembers } from "./known-members.ts";
import type { ChannelPayload } from "../encoding/payload.ts";
import { PendingMarks } from "./pending-marks.ts";

/** A request that was sent to Redis and leaves a mark in the order of messages. */
export interface MarkedRequest {
  /** Called at the place of the mark, once the answer is there. */
  readonly takeEffect: () => void;
  /** The mark does not arrive. */
  readonly fail: () => void;
  answered: boolean;
}

interface KeptDelivery extends Delivery {
  readonly position: Position;
}

/** Most kept events that wait for a synchronization. */
const maxWaiting = 1_000;

/** Where a channel passes on what arrives. */
export interface LocalChannelPorts {
  readonly deliver: (delivery: Delivery) => void;
  /** Kept events were missed, and are no longer kept. */
  readonly missed: () => void;
  /** Kept events were missed: a synchronization is due. */
  readonly behind: () => void;
  /** Whether an announcement belongs to the data that this node knows. Otherwise a synchronization is due. */
  readonly isCurrent: (mark: string) => boolean;
}

/** What this node knows of one channel that it uses: its own connections, and messages in their order. */
export class LocalChannel {
  readonly app: AppId;
  readonly name: ChannelName;
  readonly bucket: string;
  /** Requests pass it one after the other. */
  readonly gate = new Gate();
  /** Connections of this node, with what presence channels need. */
  readonly sockets = new Map<SocketId, PresenceJoining | undefined>();
  /** Connections that have left, but that Redis may still hold. */
  readonly departed = new Map<SocketId, PresenceJoining | undefined>();
  /** The last request whose answer has arrived. */
  answered: number;
  /** How often `isDirty` was set. */
  dirtied = 0;
  /** Up to where kept events were delivered here. */
  readonly position = new DeliveredPosition();
  readonly #ports: LocalChannelPorts;
  readonly members = new KnownMembers();
  readonly #marked = new PendingMarks<MarkedRequest>();
  /** Own publishes whose message has not come back yet. */
  readonly #publishes = new PendingMarks<{ readonly done: (delivered: boolean) => void }>();
  /** A request at whose mark messages are held back, because its answer is still on the way. */
  #blocking: MarkedRequest | undefined;
  #held: ChannelPayload[] = [];
  /** Own publishes whose message has come back, but is delivered by the next synchronization. */
  readonly #late = new PendingMarks<{ readonly done: (delivered: boolean) => void }>();
  /** Kept events that have arrived, but wait for the next synchronization; the newest ones. */
  #waiting: KeptDelivery[] = [];
  #isDirty = false;

  constructor(app: AppId, name: ChannelName, answered: number, ports: LocalChannelPorts) {
    this.app = app;
    this.name = name;
    this.bucket = bucketOf(app, name);
    this.answered = answered;
    this.#ports = ports;
  }

  /**
   * Redis may hold something else of this node than `sockets`. That is not so before the channel is open: nobody has entered
   * it, and messages of a synchronization would not arrive.
   */
  get isDirty(): boolean {
    return this.#isDirty;
  }

  set isDirty(isDirty: boolean) {
    if (isDirty && !this.gate.isOpen) return;
    this.#isDirty = isDirty;
    if (isDirty) this.dirtied += 1;
  }

  /** Whether nothing here needs the channel any more. */
  get isIdle(): boolean {
    return this.sockets.size === 0 && !this.gate.isUsed && !this.isDirty && !this.#isAwaited;
  }

  /** Whether an own publish waits for its message. */
  get #isAwaited(): boolean {
    return this.#publishes.size + this.#late.size > 0;
  }

  /** Expects the mark of a request that is about to be sent. */
  expectMark(key: string, request: MarkedRequest): void {
    this.#marked.add(key, request);
  }

  /** The answer to a request has arrived. */
  answeredTo(request: MarkedRequest): void {
    request.answered = true;
    if (this.#blocking === request) this.#unblock(() => request.takeEffect());
  }

  /** A request has no effect. */
  dropMark(key: string, request: MarkedRequest): void {
    this.#marked.remove(key);
    if (this.#blocking === request) this.#unblock(() => undefined);
  }

  /** Resolves with true when the message of an own publish was delivered here, and with false if it does not arrive. */
  delivered(publish: string): Promise<boolean> {
    return new Promise((done) => {
      this.#publishes.add(publish, { done });
    });
  }

  /** Nobody waits for an own publish any more. */
  forgetPublish(publish: string): void {
    this.#publishes.remove(publish)?.done(false);
  }

  /**
   * Stops waiting for messages that should have arrived.
   *
   * @param all whether the connection was lost; otherwise only what has waited since before the last call.
   */
  giveUp(all: boolean): void {
    for (const { fail } of this.#marked.takeOld(all)) fail();
    for (const { done } of [...this.#publishes.takeOld(all), ...this.#late.takeOld(all)]) done(false);
    if (all && this.#blocking !== undefined) {
      const request = this.#blocking;
      this.#unblock(() => request.fail());
    }
  }

  /** A message or a mark has arrived on the channel's topic. */
  receive(payload: ChannelPayload): void {
    if (this.#blocking !== undefined) {
      this.#held.push(payload);
      return;
    }
    switch (payload.kind) {
      case "message":
        this.#message(payload);
        return;
      case "member":
        // A master of a Redis Cluster that was away may announce what its replica, the master by now, does not know.
        if (!this.members.isKnown || !this.#ports.isCurrent(payload.mark)) return;
        if (!this.members.change(payload.change, payload.userId)) return;
        this.#ports.deliver({
          channel: this.name,
          message: payload.message,
          except: payload.except,
          position: undefined,
        });
        return;
      case "mark":
        this.#reached(this.#marked.remove(payload.request));
    }
  }

  /**
   * A subscriber gets a roster. It may lack members whose node has not returned yet after Redis has lost its data. Their
   * absence is then announced to the other subscribers of this node, so that all of them know the same members.
   *
   * @param userId the user of the subscriber.
   */
  rosterGiven(members: readonly Member[], userId: string, socketId: SocketId): void {
    this.#announce(this.members.begin(members, userId, socketId));
  }

  /** Announces to the subscribers of this node what they have missed, if the members are these. */
  announceMissed(members: readonly Member[]): void {
    this.#announce(this.members.replace(members));
  }

  #announce({ removed, added }: MissedMembers): void {
    for (const userId of removed) {
      const { departure } = presenceAnnouncements(this.name, { userId, userInfo: undefined });
      this.#ports.deliver({ channel: this.name, message: departure, except: undefined, position: undefined });
    }
    for (const { member, except } of added) {
      const { arrival } = presenceAnnouncements(this.name, member);
      this.#ports.deliver({ channel: this.name, message: arrival, except, position: undefined });
    }
  }

  /** Delivers the kept events that were missed; called at the place of a mark, with what was kept at that place. */
  catchUp(history: History): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    const missed = this.position.catchUp(history);
    const later = missed === "gap" ? endOf(waiting, history.last) : [];
    if (missed === "gap") this.#goOn(later);
    else {
      for (const { message, position } of missed) {
        this.#ports.deliver({ channel: this.name, message, except: undefined, position });
      }
    }
    for (const { done } of this.#late.takeOld(true)) done(missed !== "gap" || later.length === waiting.length);
  }

  /** Notifies subscribers of a gap, and delivers what came after it. */
  #goOn(later: readonly KeptDelivery[]): void {
    const [first] = later;
    if (first !== undefined) this.position.goOn({ ...first.position, offset: first.position.offset - 1 });
    this.#ports.missed();
    for (const delivery of later) {
      this.position.goOn(delivery.position);
      this.#ports.deliver(delivery);
    }
  }

  #message({ message, except, position, publish }: Extract<ChannelPayload, { kind: "message" }>): void {
    const own = publish === "" ? undefined : this.#publishes.remove(publish);
    if (position !== undefined && !this.position.reached(position, this.isDirty)) {
      if (own !== undefined) this.#late.add(publish, own);
      this.#waiting.push({ channel: this.name, message, except, position });
      if (this.#waiting.length > maxWaiting) this.#waiting.shift();
      this.#ports.behind();
      return;
    }
    this.#ports.deliver({ channel: this.name, message, except, position });
    own?.done(true);
  }

  #reached(request: MarkedRequest | undefined): void {
    if (request?.answered === true) request.takeEffect();
    else this.#blocking = request;
  }

  #unblock(before: () => void): void {
    this.#blocking = undefined;
    before();
    const held = this.#held;
    this.#held = [];
    for (const payload of held) this.receive(payload);
  }
}

/** The events up to the last one that was published, if none of them is missing. */
function endOf(waiting: readonly KeptDelivery[], last: Position | undefined): readonly KeptDelivery[] {
  const current = waiting.filter(({ position }) => position.epoch === last?.epoch && position.offset <= last.offset);
  const first = current[0]?.position.offset ?? 0;
  const isWhole = current.every(({ position }, index) => position.offset === first + index);
  return isWhole && current.at(-1)?.position.offset === last?.offset ? current : [];
}
