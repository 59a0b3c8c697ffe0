import { encodeServerMessage, type AppId } from "@sealcast/protocol";
import type { UserDirectory } from "../ports/user-directory.ts";
import type { LocalConnection } from "./local-connection.ts";

/** A user that connections of this node watch. */
interface Watched {
  readonly watchers: Set<LocalConnection>;
  /** What the watchers know. */
  isOnline: boolean | undefined;
}

/** Most users whose state is asked for at a time. */
const sliceSize = 1_000;

/** Which connections of this node watch which users, and what they know. */
export class Watchlists {
  readonly #directory: Pick<UserDirectory, "online">;
  readonly #apps = new Map<AppId, Map<string, Watched>>();

  constructor(directory: Pick<UserDirectory, "online">) {
    this.#directory = directory;
  }

  watch(connection: LocalConnection, userIds: readonly string[]): void {
    const users = this.#usersOf(connection.app.id);
    for (const userId of userIds) {
      const watched = users.get(userId);
      if (watched === undefined) users.set(userId, { watchers: new Set([connection]), isOnline: undefined });
      else watched.watchers.add(connection);
    }
  }

  /** The reverse of `watch`. */
  unwatch(connection: LocalConnection, userIds: readonly string[]): void {
    const users = this.#usersOf(connection.app.id);
    for (const userId of userIds) {
      const watched = users.get(userId);
      if (watched?.watchers.delete(connection) === true && watched.watchers.size === 0) users.delete(userId);
    }
  }

  /**
   * Calls `answer` with the users out of `userIds` who are online, for a connection that has begun to watch them. Other
   * watchers of them learn what they have missed.
   */
  ask(
    connection: LocalConnection,
    userIds: readonly string[],
    answer: (online: ReadonlySet<string>) => void,
  ): ReturnType<UserDirectory["online"]> {
    const { id } = connection.app;
    return this.#directory.online(id, userIds, (online) => {
      for (const userId of userIds) this.#tell(id, userId, online.has(userId), connection);
      answer(online);
    });
  }

  /** A user's first connection has signed in, or the last one has ended. */
  changed(app: AppId, userId: string, isOnline: boolean): void {
    this.#tell(app, userId, isOnline, undefined);
  }

  /** Tells the watchers what they have missed while this node could not reach the others. */
  async refresh(): Promise<void> {
    for (const [app, users] of this.#apps) {
      let slice: string[] = [];
      for (const userId of users.keys()) {
        slice.push(userId);
        if (slice.length < sliceSize) continue;
        await this.#refresh(app, slice);
        slice = [];
      }
      if (slice.length > 0) await this.#refresh(app, slice);
    }
  }

  /** If the engine is unavailable again, this is repeated once it is ready. */
  async #refresh(app: AppId, userIds: readonly string[]): Promise<void> {
    await this.#directory.online(app, userIds, (online) => {
      for (const userId of userIds) this.#tell(app, userId, online.has(userId), undefined);
    });
  }

  /** @param except knows it already. */
  #tell(app: AppId, userId: string, isOnline: boolean, except: LocalConnection | undefined): void {
    const watched = this.#apps.get(app)?.get(userId);
    if (watched === undefined || watched.isOnline === isOnline) return;
    watched.isOnline = isOnline;
    const change = { name: isOnline ? "online" : "offline", userIds: [userId] } as const;
    const message = encodeServerMessage({ kind: "watchlist-events", events: [change] });
    for (const watcher of watched.watchers) if (watcher !== except) watcher.link.send(message);
  }

  #usersOf(app: AppId): Map<string, Watched> {
    let users = this.#apps.get(app);
    if (users === undefined) {
      users = new Map();
      this.#apps.set(app, users);
    }
    return users;
  }
}
