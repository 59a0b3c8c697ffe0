import type { AppId, ChannelName, SocketId } from "@sealcast/protocol";
import type { Delivery } from "../../../ports/broker.ts";
import type { PresenceJoining } from "../../../ports/occupancy.ts";
import type { ChannelKeys } from "./keys.ts";
import type { ChannelPayload } from "./payload.ts";

/** A join that was sent to Redis. */
export interface PendingJoin {
  /** Lets the connection in; called at the join's place in the order of messages, once its answer is there. */
  readonly takeEffect: () => void;
  answered: boolean;
}

/** What this node knows of one channel that it uses: its own connections, and messages in their order. */
export class LocalChannel {
  readonly app: AppId;
  readonly name: ChannelName;
  readonly names: ChannelKeys;
  /** Connections of this node, with what presence channels need. */
  readonly sockets = new Map<SocketId, PresenceJoining | undefined>();
  /** The last request whose answer has arrived. */
  answered: number;
  /** Redis may hold something else of this node than `sockets`. */
  isDirty = false;
  readonly #deliver: (delivery: Delivery) => void;
  readonly #joins = new Map<string, PendingJoin>();
  /** Own publishes whose message has not come back yet. */
  readonly #publishes = new Map<string, () => void>();
  /** Requests that wait until messages of the channel arrive; undefined: they arrive. */
  #waiting: ((ready: boolean) => void)[] | undefined = [];
  /** A join at whose place messages are held back, because its answer is still on the way. */
  #blocking: PendingJoin | undefined;
  #held: ChannelPayload[] = [];
  #requests = 0;

  constructor(
    app: AppId,
    name: ChannelName,
    names: ChannelKeys,
    answered: number,
    deliver: (delivery: Delivery) => void,
  ) {
    this.app = app;
    this.name = name;
    this.names = names;
    this.answered = answered;
    this.#deliver = deliver;
  }

  /** Whether nothing here needs the channel any more. */
  get isIdle(): boolean {
    return this.sockets.size === 0 && this.#requests === 0 && !this.isDirty;
  }

  /** Runs a request once messages of the channel arrive, or with `false` if they will not. Keeps the order of the calls. */
  whenReady(request: (ready: boolean) => void): void {
    if (this.#waiting === undefined) request(true);
    else this.#waiting.push(request);
  }

  /** Messages of the channel arrive from now on, or will not arrive. */
  settle(ready: boolean): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = ready ? undefined : [];
    for (const request of waiting) request(ready);
  }

  /** Keeps the channel in use while a request is under way. */
  async during<T>(request: Promise<T>): Promise<T> {
    this.#requests += 1;
    try {
      return await request;
    } finally {
      this.#requests -= 1;
    }
  }

  addJoin(request: string, join: PendingJoin): void {
    this.#joins.set(request, join);
  }

  /** The answer to a join has arrived. */
  joinAnswered(join: PendingJoin): void {
    join.answered = true;
    if (this.#blocking !== join) return;
    this.#blocking = undefined;
    join.takeEffect();
    this.#release();
  }

  /** A join has no effect. */
  dropJoin(request: string): void {
    const join = this.#joins.get(request);
    this.#joins.delete(request);
    if (join === undefined || this.#blocking !== join) return;
    this.#blocking = undefined;
    this.#release();
  }

  /** Resolves when the message of an own publish was delivered here. */
  delivered(publish: string): Promise<void> {
    return new Promise((resolve) => {
      this.#publishes.set(publish, resolve);
    });
  }

  /** Nobody waits for an own publish any more. */
  forgetPublish(publish: string): void {
    this.#publishes.get(publish)?.();
    this.#publishes.delete(publish);
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
      if (publish !== "") this.forgetPublish(publish);
      return;
    }
    const join = this.#joins.get(payload.request);
    if (join === undefined) return;
    this.#joins.delete(payload.request);
    if (join.answered) join.takeEffect();
    else this.#blocking = join;
  }

  #release(): void {
    const held = this.#held;
    this.#held = [];
    for (const payload of held) this.receive(payload);
  }
}
