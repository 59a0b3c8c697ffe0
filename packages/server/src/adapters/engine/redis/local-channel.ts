import type { AppId, ChannelName, SocketId } from "@sealcast/protocol";
import type { Delivery } from "../../../ports/broker.ts";
import type { PresenceJoining } from "../../../ports/occupancy.ts";
import { Gate } from "./gate.ts";
import { bucketOf } from "./keys.ts";
import type { ChannelPayload } from "./payload.ts";
import { PendingMarks } from "./pending-marks.ts";

/** A join that was sent to Redis. */
export interface PendingJoin {
  /** Lets the connection in; called at the join's place in the order of messages, once its answer is there. */
  readonly takeEffect: () => void;
  /** The mark of the join does not arrive. */
  readonly fail: () => void;
  answered: boolean;
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
  /** Redis may hold something else of this node than `sockets`. */
  isDirty = false;
  readonly #deliver: (delivery: Delivery) => void;
  readonly #joins = new PendingMarks<PendingJoin>();
  /** Own publishes whose message has not come back yet. */
  readonly #publishes = new PendingMarks<{ readonly done: (delivered: boolean) => void }>();
  /** A join at whose place messages are held back, because its answer is still on the way. */
  #blocking: PendingJoin | undefined;
  #held: ChannelPayload[] = [];

  constructor(app: AppId, name: ChannelName, answered: number, deliver: (delivery: Delivery) => void) {
    this.app = app;
    this.name = name;
    this.bucket = bucketOf(app, name);
    this.answered = answered;
    this.#deliver = deliver;
  }

  /** Whether nothing here needs the channel any more. */
  get isIdle(): boolean {
    return this.sockets.size === 0 && !this.gate.isUsed && !this.isDirty;
  }

  addJoin(request: string, join: PendingJoin): void {
    this.#joins.add(request, join);
  }

  /** The answer to a join has arrived. */
  joinAnswered(join: PendingJoin): void {
    join.answered = true;
    if (this.#blocking === join) this.#unblock(() => join.takeEffect());
  }

  /** A join has no effect. */
  dropJoin(request: string, join: PendingJoin): void {
    this.#joins.remove(request);
    if (this.#blocking === join) this.#unblock(() => undefined);
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
   * Gives up waiting for messages that should have arrived.
   *
   * @param all whether the connection was lost; otherwise only what has waited since before the last call.
   */
  giveUp(all: boolean): void {
    for (const { fail } of this.#joins.takeOld(all)) fail();
    for (const { done } of this.#publishes.takeOld(all)) done(false);
    if (all && this.#blocking !== undefined) {
      const join = this.#blocking;
      this.#unblock(() => join.fail());
    }
  }

  /** A message or a mark has arrived on the channel's topic. */
  receive(payload: ChannelPayload): void {
    if (this.#blocking !== undefined) {
      this.#held.push(payload);
      return;
    }
    if (payload.kind === "message") {
      const { except, position, publish, message } = payload;
      this.#deliver({ channel: this.name, message, except, position });
      if (publish !== "") this.#publishes.remove(publish)?.done(true);
      return;
    }
    const join = this.#joins.remove(payload.request);
    if (join === undefined) return;
    if (join.answered) join.takeEffect();
    else this.#blocking = join;
  }

  #unblock(before: () => void): void {
    this.#blocking = undefined;
    before();
    const held = this.#held;
    this.#held = [];
    for (const payload of held) this.receive(payload);
  }
}
