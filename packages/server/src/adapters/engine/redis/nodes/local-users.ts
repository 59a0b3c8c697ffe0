import type { AppId, SocketId, UserId } from "@sealcast/protocol";
import type { NodeMessage } from "../../../../ports/node-link.ts";
import type { Unavailable } from "../../../../ports/unavailable.ts";
import type { SyncMode } from "../channels/channel-changes.ts";
import { userBucketOf } from "../encoding/keys.ts";
import { Gate } from "../gate.ts";
import { LateRequest } from "./late-request.ts";
import { NodeTopics } from "./node-topics.ts";
import { encodeNodeMessage } from "../encoding/payload.ts";
import type { RedisNode } from "./redis-node.ts";
import { onlineScript, signInScript, signOutScript, syncUsersScript, tellScript } from "../scripts/user-scripts.ts";

/** The signed-in users of one app on this node. */
interface AppUsers {
  readonly sockets: Map<UserId, Set<SocketId>>;
  /** Users that have left, but that Redis may still hold. */
  readonly departed: Set<UserId>;
  readonly gate: Gate;
}

/** The signed-in users of this node, and messages between nodes. */
export class LocalUsers {
  readonly #node: RedisNode;
  readonly #topics: NodeTopics;
  readonly #apps = new Map<AppId, AppUsers>();

  constructor(node: RedisNode) {
    this.#node = node;
    this.#topics = new NodeTopics(node);
  }

  /** Resolves when messages to this node arrive. */
  listen(): Promise<void> {
    return this.#topics.listen();
  }

  /** The connection was lost: what is expected does not come. */
  giveUp(): void {
    this.#topics.giveUp();
  }

  signIn(
    app: AppId,
    userId: UserId,
    socketId: SocketId,
    enter: () => boolean,
  ): Promise<"entered" | "left" | Unavailable> {
    const users = this.#usersOf(app);
    return users.gate.pass(async () => {
      try {
        await this.#node.buckets.use(userBucketOf(app));
        const { connection, keys, name } = this.#node;
        let entered = false;
        await this.#topics.expect(
          () => {
            entered = enter();
            if (entered) add(users, userId, socketId);
          },
          (request) =>
            connection.run(signInScript, keys.users(app, name), [
              this.#requestNumber(),
              keys.all,
              keys.node(name),
              app,
              userId,
              request,
            ]),
        );
        if (!entered) await this.#removeIfUnused(app, users, userId);
        return entered ? "entered" : "left";
      } catch (error) {
        // It may have taken effect without an answer.
        this.#needsSync(error);
        return "unavailable";
      }
    });
  }

  signOut(app: AppId, userId: UserId, socketId: SocketId): Promise<void> {
    const users = this.#usersOf(app);
    return users.gate.pass(async () => {
      const sockets = users.sockets.get(userId);
      if (sockets === undefined || !sockets.delete(socketId) || sockets.size > 0) return;
      users.sockets.delete(userId);
      await this.#removeIfUnused(app, users, userId);
    });
  }

  online(
    app: AppId,
    userIds: readonly string[],
    answer: (online: ReadonlySet<string>) => void,
  ): Promise<"answered" | Unavailable> {
    return this.#ask(app, "answered", () => {
      const { connection, keys, name } = this.#node;
      return this.#topics.expect(
        (online) => answer(new Set(online)),
        (request) => connection.run(onlineScript, keys.users(app, name), [keys.node(name), request, ...userIds]),
      );
    });
  }

  send(message: NodeMessage): Promise<"sent" | Unavailable> {
    return this.#ask(message.app, "sent", () => {
      const { connection, keys, name } = this.#node;
      return this.#topics.expect(
        () => undefined,
        (request) =>
          connection.run(tellScript, keys.users(message.app, name), [keys.all, encodeNodeMessage(request, message)]),
      );
    });
  }

  /** Writes the users of this node to Redis again. Rejects if that fails. */
  async synchronize(mode: SyncMode): Promise<void> {
    for (const [app, { sockets, departed, gate }] of this.#apps) {
      await gate.exclusively(async () => {
        await this.#node.buckets.use(userBucketOf(app));
        const { connection, keys, name } = this.#node;
        const restored = mode === "restore" ? departed : [];
        const users = new Set([...sockets.keys(), ...restored]);
        const reply = await connection.run(syncUsersScript, keys.users(app, name), [
          this.#requestNumber(),
          keys.all,
          app,
          mode,
          ...users,
        ]);
        if (reply === "late") throw new LateRequest();
        if (mode !== "restore") departed.clear();
      });
    }
  }

  /** Runs a request in its order with the sign-ins of the app. */
  #ask<T>(app: AppId, answer: T, request: () => Promise<void>): Promise<T | Unavailable> {
    return this.#usersOf(app).gate.pass(async () => {
      try {
        await this.#node.buckets.use(userBucketOf(app));
        await request();
        return answer;
      } catch (error) {
        this.#node.report("engine.request_failed", error);
        return "unavailable";
      }
    });
  }

  async #removeIfUnused(app: AppId, users: AppUsers, userId: UserId): Promise<void> {
    const { connection, keys, name } = this.#node;
    if (users.sockets.has(userId)) return;
    users.departed.add(userId);
    if (!this.#node.isReady()) {
      this.#node.needsSync();
      return;
    }
    try {
      await connection.run(signOutScript, keys.users(app, name), [this.#requestNumber(), keys.all, app, userId]);
      users.departed.delete(userId);
    } catch (error) {
      this.#needsSync(error);
    }
  }

  #requestNumber(): string {
    return String(this.#node.nextRequest());
  }

  #needsSync(error: unknown): void {
    this.#node.report("engine.request_failed", error);
    this.#node.needsSync();
  }

  #usersOf(app: AppId): AppUsers {
    let users = this.#apps.get(app);
    if (users === undefined) {
      users = { sockets: new Map(), departed: new Set(), gate: new Gate() };
      users.gate.open(true);
      this.#apps.set(app, users);
    }
    return users;
  }
}

function add({ sockets }: AppUsers, userId: UserId, socketId: SocketId): void {
  const known = sockets.get(userId);
  if (known === undefined) sockets.set(userId, new Set([socketId]));
  else known.add(socketId);
}
