import type { AppId, ChannelName, SocketId, UserId } from "@sealcast/protocol";
import type {
  Awaitable,
  CachedEvent,
  ChannelSummary,
  Engine,
  EngineEvents,
  Joined,
  Joining,
  Left,
  Publication,
} from "@sealcast/server";

/**
 * Puts a test in charge of when an engine acts and when it answers, as if it ran elsewhere behind one ordered
 * connection: requests take effect in the order in which they were made, answers and deliveries arrive in the order of
 * the effects.
 */
export class DelayedEngine implements Engine {
  readonly #engine: Engine;
  /** Requests that have not taken effect. */
  readonly #requests: (() => void)[] = [];
  /** Answers and deliveries on their way back. */
  readonly #replies: (() => void)[] = [];
  #failure: Error | undefined;

  /** @param engine one that answers at once. */
  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Lets the oldest waiting request take effect; false where none waits. */
  act(): boolean {
    const request = this.#requests.shift();
    request?.();
    return request !== undefined;
  }

  /** Hands on the oldest answer or delivery, and waits for what the server does at once; false where there is none. */
  async reply(): Promise<boolean> {
    const reply = this.#replies.shift();
    reply?.();
    await nextTurn();
    return reply !== undefined;
  }

  /** Lets everything happen, and everything that follows from it. */
  async settle(): Promise<void> {
    await nextTurn();
    while (this.act() || (await this.reply()));
  }

  /** Every request from now on is refused with this error, until `undefined` is given. */
  failWith(error: Error | undefined): void {
    this.#failure = error;
  }

  start(events: EngineEvents): Awaitable<void> {
    return this.#engine.start({
      deliver: (...delivery) => this.#replies.push(() => events.deliver(...delivery)),
      userChanged: (...change) => this.#replies.push(() => events.userChanged(...change)),
      terminate: (...user) => this.#replies.push(() => events.terminate(...user)),
    });
  }

  publish(app: AppId, publications: readonly Publication[]): Promise<void> {
    return this.#ask(() => this.#engine.publish(app, publications));
  }

  join(joining: Joining): Promise<Joined> {
    return this.#ask(() => this.#engine.join(joining));
  }

  leave(app: AppId, channel: ChannelName, socketId: SocketId, userId: string | undefined): Promise<Left> {
    return this.#ask(() => this.#engine.leave(app, channel, socketId, userId));
  }

  signIn(app: AppId, userId: UserId, socketId: SocketId): Promise<void> {
    return this.#ask(() => this.#engine.signIn(app, userId, socketId));
  }

  signOut(app: AppId, userId: UserId, socketId: SocketId): Promise<void> {
    return this.#ask(() => this.#engine.signOut(app, userId, socketId));
  }

  online(app: AppId, userIds: readonly string[]): Promise<ReadonlySet<string>> {
    return this.#ask(() => this.#engine.online(app, userIds));
  }

  terminate(app: AppId, userId: UserId): Promise<void> {
    return this.#ask(() => this.#engine.terminate(app, userId));
  }

  channels(app: AppId, prefix: string): Promise<readonly ChannelSummary[]> {
    return this.#ask(() => this.#engine.channels(app, prefix));
  }

  channel(app: AppId, channel: ChannelName): Promise<ChannelSummary> {
    return this.#ask(() => this.#engine.channel(app, channel));
  }

  users(app: AppId, channel: ChannelName): Promise<readonly string[]> {
    return this.#ask(() => this.#engine.users(app, channel));
  }

  cached(app: AppId, channel: ChannelName): Promise<CachedEvent | undefined> {
    return this.#ask(() => this.#engine.cached(app, channel));
  }

  close(): Awaitable<void> {
    return this.#engine.close();
  }

  #ask<T>(act: () => Awaitable<T>): Promise<T> {
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

/** Everything that follows from a settled promise has happened when the event loop turns. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
