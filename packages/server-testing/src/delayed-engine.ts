import type { AppId, ChannelName, SocketId, UserId } from "@sealcast/protocol";
import type {
  Awaitable,
  ChannelSummary,
  Engine,
  EngineEvents,
  EngineStatus,
  Entry,
  History,
  HistoryQuery,
  Joining,
  JoinOutcome,
  NodeMessage,
  Position,
  Publication,
  PublishRate,
  Unavailable,
} from "@sealcast/server";

/**
 * Lets a test decide when an engine acts and when it answers, as if it ran in another process behind one ordered
 * connection: requests take effect in the order in which they were made; answers, deliveries and facts arrive in the
 * order of the effects.
 */
export class DelayedEngine implements Engine {
  readonly #engine: Engine;
  /** Requests that have not taken effect. */
  readonly #requests: (() => void)[] = [];
  /** Answers, deliveries and facts that have not arrived. */
  readonly #replies: (() => void)[] = [];
  #events: EngineEvents | undefined;
  #status: EngineStatus = "ready";
  #failure: Error | undefined;

  /** @param engine one that answers at once. */
  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Lets the oldest waiting request take effect; false if there is none. */
  act(): boolean {
    const request = this.#requests.shift();
    request?.();
    return request !== undefined;
  }

  /** Passes on the oldest reply, and waits until the server has handled it; false if there is none. */
  async reply(): Promise<boolean> {
    const reply = this.#replies.shift();
    reply?.();
    await nextTurn();
    return reply !== undefined;
  }

  /** Passes on all waiting replies in one turn of the event loop, as when they arrive in one chunk. */
  async replyInOneTurn(): Promise<void> {
    for (let reply = this.#replies.shift(); reply !== undefined; reply = this.#replies.shift()) reply();
    await nextTurn();
  }

  /** Lets everything happen, and everything that follows from it. */
  async settle(): Promise<void> {
    await nextTurn();
    while (this.act() || (await this.reply()));
  }

  /** Every request from now on fails with this unexpected error, until `undefined` is given. */
  failWith(error: Error | undefined): void {
    this.#failure = error;
  }

  /** Reports a status. While it is "unavailable", requests are answered so, except those that always succeed. */
  setStatus(status: EngineStatus): void {
    this.#status = status;
    this.#events?.statusChanged(status);
  }

  start(events: EngineEvents): Awaitable<void> {
    this.#events = events;
    return this.#engine.start({
      deliver: (...delivery) => this.#replies.push(() => events.deliver(...delivery)),
      missed: (...channel) => this.#replies.push(() => events.missed(...channel)),
      changed: (...change) => this.#replies.push(() => events.changed(...change)),
      userChanged: (...change) => this.#replies.push(() => events.userChanged(...change)),
      messageReceived: (message) => this.#replies.push(() => events.messageReceived(message)),
      statusChanged: (status) => this.#replies.push(() => events.statusChanged(status)),
    });
  }

  publish(app: AppId, publications: readonly Publication[]): Promise<readonly (Position | undefined)[] | Unavailable> {
    return this.#ask(() => this.#engine.publish(app, publications));
  }

  publishWithin(
    app: AppId,
    publications: readonly Publication[],
    rate: PublishRate,
  ): Promise<readonly (Position | undefined)[] | "too-many" | Unavailable> {
    return this.#ask(() => this.#engine.publishWithin(app, publications, rate));
  }

  publishOnce(app: AppId, publication: Publication): Promise<boolean | Unavailable> {
    return this.#ask(() => this.#engine.publishOnce(app, publication));
  }

  history(app: AppId, channel: ChannelName, query: HistoryQuery): Promise<History | Unavailable> {
    return this.#ask(() => this.#engine.history(app, channel, query));
  }

  join(joining: Joining, enter: (entry: Entry) => boolean): Promise<JoinOutcome | Unavailable> {
    const { app, channel, socketId, presence } = joining;
    let entered = true;
    const outcome = this.#ask(() =>
      this.#engine.join(joining, (entry) => {
        this.#replies.push(() => {
          entered = enter(entry);
          if (!entered) void this.leave(app, channel, socketId, presence?.member.userId);
        });
        return true;
      }),
    );
    return outcome.then((result) => (result === "entered" && !entered ? "left" : result));
  }

  leave(app: AppId, channel: ChannelName, socketId: SocketId, userId: string | undefined): Promise<void> {
    return this.#request(() => this.#engine.leave(app, channel, socketId, userId));
  }

  channels(app: AppId, prefix: string): AsyncIterable<readonly ChannelSummary[] | Unavailable> {
    return this.#pages(this.#engine.channels(app, prefix));
  }

  channel(app: AppId, channel: ChannelName): Promise<ChannelSummary | Unavailable> {
    return this.#ask(() => this.#engine.channel(app, channel));
  }

  members(app: AppId, channel: ChannelName): Promise<readonly string[] | Unavailable> {
    return this.#ask(() => this.#engine.members(app, channel));
  }

  signIn(
    app: AppId,
    userId: UserId,
    socketId: SocketId,
    enter: () => boolean,
  ): Promise<"entered" | "left" | Unavailable> {
    let entered = true;
    const outcome = this.#ask(() =>
      this.#engine.signIn(app, userId, socketId, () => {
        this.#replies.push(() => {
          entered = enter();
          if (!entered) void this.signOut(app, userId, socketId);
        });
        return true;
      }),
    );
    return outcome.then((result) => (result === "entered" && !entered ? "left" : result));
  }

  signOut(app: AppId, userId: UserId, socketId: SocketId): Promise<void> {
    return this.#request(() => this.#engine.signOut(app, userId, socketId));
  }

  online(
    app: AppId,
    userIds: readonly string[],
    answer: (online: ReadonlySet<string>) => void,
  ): Promise<"answered" | Unavailable> {
    return this.#ask(() => this.#engine.online(app, userIds, (online) => this.#replies.push(() => answer(online))));
  }

  send(message: NodeMessage): Promise<"sent" | Unavailable> {
    return this.#ask(() => this.#engine.send(message));
  }

  admit(app: AppId, most: number): Promise<boolean> {
    return this.#request(() => this.#engine.admit(app, most));
  }

  release(app: AppId): Promise<void> {
    return this.#request(() => this.#engine.release(app));
  }

  close(): Awaitable<void> {
    return this.#engine.close();
  }

  async *#pages(
    pages: AsyncIterable<readonly ChannelSummary[] | Unavailable>,
  ): AsyncGenerator<readonly ChannelSummary[] | Unavailable> {
    const iterator = pages[Symbol.asyncIterator]();
    for (;;) {
      const page = await this.#ask(() => iterator.next());
      if (page === "unavailable") yield page;
      if (page === "unavailable" || page.done === true) return;
      yield page.value;
    }
  }

  #ask<T>(act: () => Awaitable<T>): Promise<T | Unavailable> {
    return this.#request(() => (this.#status === "ready" ? act() : "unavailable"));
  }

  #request<T>(act: () => Awaitable<T>): Promise<T> {
    const failure = this.#failure;
    return new Promise((resolve, reject) => {
      this.#requests.push(() => {
        if (failure !== undefined) {
          this.#replies.push(() => reject(failure));
          return;
        }
        const answer = act();
        this.#replies.push(() => resolve(answer));
      });
    });
  }
}

/** Resolves when everything that follows from settled promises has happened. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
