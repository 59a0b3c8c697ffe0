import type { AppId, SocketId, UserId } from "@sealcast/protocol";
import type { NodeMessage } from "../../../ports/node-link.ts";
import type { EngineEvents } from "../../../ports/engine.ts";
import type { Unavailable } from "../../../ports/unavailable.ts";
import type { Keys } from "./keys.ts";
import { decodeNodePayload, encodeEcho, encodeTold } from "./payload.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { onlineScript, signInScript, signOutScript, syncUsersScript } from "./scripts/user-scripts.ts";

/** What the users of this node need of the engine. */
export interface UsersHost {
  readonly connection: RedisConnection;
  readonly keys: Keys;
  /** The name of this node; it changes when its lease was lost. */
  readonly node: () => string;
  readonly nextRequest: () => string;
  /** Notes in Redis that this node uses a bucket, before it does. */
  readonly useBucket: (bucket: string) => Promise<void>;
  /** Something may be wrong in Redis; a synchronization is due. */
  readonly needsSync: () => void;
  /** Runs a task after the time that an answer may take. Returns a function that cancels it. */
  readonly giveUp: (task: () => void) => () => void;
}

/** The signed-in users of this node, and messages between nodes. */
export class LocalUsers {
  readonly #host: UsersHost;
  readonly #events: () => EngineEvents | undefined;
  readonly #apps = new Map<AppId, Map<UserId, Set<SocketId>>>();
  /** Answers that come on the topics of nodes, by the number of the request. */
  readonly #expected = new Map<string, (userIds: readonly string[]) => void>();

  constructor(host: UsersHost, events: () => EngineEvents | undefined) {
    this.#host = host;
    this.#events = events;
  }

  async signIn(
    app: AppId,
    userId: UserId,
    socketId: SocketId,
    enter: () => boolean,
  ): Promise<"entered" | "left" | Unavailable> {
    const { connection, keys, node, useBucket } = this.#host;
    // Known from now on, so that a synchronization corrects what a lost answer leaves behind.
    const users = this.#usersOf(app);
    try {
      await useBucket(`${app}/users`);
      let entered = false;
      await this.#expect(
        () => {
          entered = enter();
          if (entered) addTo(users, userId, socketId);
        },
        (request) =>
          connection.run(signInScript, keys.users(app, node()), [keys.all, keys.node(node()), app, userId, request]),
      );
      if (!entered) await this.#removeIfUnused(app, userId);
      return entered ? "entered" : "left";
    } catch {
      this.#host.needsSync();
      return "unavailable";
    }
  }

  async signOut(app: AppId, userId: UserId, socketId: SocketId): Promise<void> {
    const users = this.#usersOf(app);
    const sockets = users.get(userId);
    if (sockets === undefined || !sockets.delete(socketId) || sockets.size > 0) return;
    users.delete(userId);
    await this.#removeIfUnused(app, userId);
  }

  async online(
    app: AppId,
    userIds: readonly string[],
    answer: (online: ReadonlySet<string>) => void,
  ): Promise<"answered" | Unavailable> {
    const { connection, keys, node, useBucket } = this.#host;
    try {
      await useBucket(`${app}/users`);
      await this.#expect(
        (online) => answer(new Set(online)),
        (request) => connection.run(onlineScript, keys.users(app, node()), [keys.node(node()), request, ...userIds]),
      );
      return "answered";
    } catch {
      return "unavailable";
    }
  }

  async tell(message: NodeMessage): Promise<"told" | Unavailable> {
    const { connection, keys, useBucket } = this.#host;
    try {
      // Behind the sign-ins of the app, which wait for the same.
      await useBucket(`${message.app}/users`);
      await this.#expect(
        () => undefined,
        (request) => connection.broadcast(keys.all, encodeTold(request, message)),
      );
      return "told";
    } catch {
      return "unavailable";
    }
  }

  /** Resolves when a message to this node has come back: messages arrive. */
  async echo(): Promise<void> {
    const { connection, keys, node } = this.#host;
    await this.#expect(
      () => undefined,
      (request) => connection.broadcast(keys.node(node()), encodeEcho(request)),
    );
  }

  /** Makes Redis agree with the users of this node. */
  async synchronize(quiet: boolean): Promise<void> {
    const { connection, keys, node, useBucket } = this.#host;
    for (const [app, users] of this.#apps) {
      await useBucket(`${app}/users`);
      const args = [keys.all, app, quiet ? "quiet" : "", ...users.keys()];
      await connection.run(syncUsersScript, keys.users(app, node()), args);
    }
  }

  /** A payload has arrived on the topic of this node or of all. */
  receive(text: string): void {
    const payload = decodeNodePayload(text);
    switch (payload?.kind) {
      case "user":
        this.#events()?.userChanged(payload.app, payload.userId, payload.online);
        break;
      case "told":
        this.#events()?.told(payload.message);
        this.#fulfil(payload.publish, []);
        break;
      case "online":
        this.#fulfil(payload.request, payload.userIds);
        break;
      case "signed-in":
      case "echo":
        this.#fulfil(payload.request, []);
        break;
      case undefined:
    }
  }

  async #removeIfUnused(app: AppId, userId: UserId): Promise<void> {
    const { connection, keys, node } = this.#host;
    if (this.#usersOf(app).has(userId)) return;
    try {
      await connection.run(signOutScript, keys.users(app, node()), [keys.all, app, userId]);
    } catch {
      this.#host.needsSync();
    }
  }

  /** Sends a request and resolves once its answer has come on a topic. */
  async #expect(
    answer: (userIds: readonly string[]) => void,
    send: (request: string) => Promise<unknown>,
  ): Promise<void> {
    const request = this.#host.nextRequest();
    let failed: (error: unknown) => void = () => undefined;
    const answered = new Promise<void>((resolve, reject) => {
      failed = reject;
      this.#expected.set(request, (userIds) => {
        answer(userIds);
        resolve();
      });
    });
    const cancel = this.#host.giveUp(() => failed(new Error("No message came back")));
    try {
      send(request).catch(failed);
      await answered;
    } finally {
      cancel();
      this.#expected.delete(request);
    }
  }

  #fulfil(request: string, userIds: readonly string[]): void {
    this.#expected.get(request)?.(userIds);
  }

  #usersOf(app: AppId): Map<UserId, Set<SocketId>> {
    let users = this.#apps.get(app);
    if (users === undefined) {
      users = new Map();
      this.#apps.set(app, users);
    }
    return users;
  }
}

function addTo(users: Map<UserId, Set<SocketId>>, userId: UserId, socketId: SocketId): void {
  const sockets = users.get(userId);
  if (sockets === undefined) users.set(userId, new Set([socketId]));
  else sockets.add(socketId);
}
