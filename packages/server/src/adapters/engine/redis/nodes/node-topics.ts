import { Deferred } from "../deferred.ts";
import { userBucketOf } from "../encoding/keys.ts";
import { decodeNodePayload, encodeEcho, type NodePayload } from "../encoding/payload.ts";
import type { RedisNode } from "./redis-node.ts";
import { tellScript } from "../scripts/user-scripts.ts";

/** An answer that comes on a topic, so that it has a place in the order of what comes there. */
interface Expected {
  readonly answer: (userIds: readonly string[]) => void;
  readonly fail: (error: Error) => void;
}

/** Longest wait for such an answer, in milliseconds. */
const answerMs = 5_000;

/** The topic of all nodes, and the one of this node only. */
export class NodeTopics {
  readonly #node: RedisNode;
  readonly #expected = new Map<string, Expected>();
  readonly #subscribed = new Set<string>();

  constructor(node: RedisNode) {
    this.#node = node;
  }

  /** Subscribes, and resolves when a message to this node has come back. Ends the topic of an earlier name. */
  async listen(): Promise<void> {
    const { connection, keys, name } = this.#node;
    const topics = [keys.all, keys.node(name)];
    for (const topic of this.#subscribed) {
      if (topics.includes(topic)) continue;
      await connection.unsubscribe(topic, false);
      this.#subscribed.delete(topic);
    }
    for (const topic of topics) {
      if (this.#subscribed.has(topic)) continue;
      this.#subscribed.add(topic);
      try {
        await connection.subscribe(topic, false, (payload) => this.#receive(payload));
      } catch (error) {
        this.#subscribed.delete(topic);
        throw error;
      }
    }
    await this.expect(
      () => undefined,
      (request) => connection.run(tellScript, keys.nodes, [keys.node(name), encodeEcho(request)]),
    );
  }

  /** Sends a request and resolves once its answer has come on a topic. `answer` is called when it comes. */
  async expect(answer: Expected["answer"], send: (request: string) => Promise<unknown>): Promise<void> {
    const request = `${this.#node.name} ${this.#node.nextRequest()}`;
    const answered = new Deferred<void>();
    const fail = (error: unknown): void => answered.reject(error);
    this.#expected.set(request, {
      fail,
      answer(userIds) {
        answer(userIds);
        answered.resolve();
      },
    });
    const cancel = this.#node.clock.after(answerMs, () => fail(new Error("No message came back")));
    try {
      send(request).catch(fail);
      await answered.promise;
    } finally {
      cancel();
      this.#expected.delete(request);
    }
  }

  /** The connection was lost: what is expected does not come. */
  giveUp(): void {
    for (const { fail } of this.#expected.values()) fail(new Error("The connection to Redis was lost"));
  }

  #receive(text: string): void {
    const payload = decodeNodePayload(text);
    const { events } = this.#node;
    switch (payload?.kind) {
      case "user":
        this.#userChanged(payload);
        break;
      case "node-message":
        events?.messageReceived(payload.message);
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

  #userChanged({ app, userId, online, mark }: Extract<NodePayload, { kind: "user" }>): void {
    const { buckets } = this.#node;
    const bucket = userBucketOf(app);
    const report = (): void => this.#node.events?.userChanged(app, userId, online);
    const known = buckets.markOf(bucket);
    if (known === undefined || known === mark) {
      report();
      return;
    }
    // The data is newer than this node knows, or it is that of a master of a Redis Cluster that was away.
    buckets.doubt(bucket);
    const noted = Promise.resolve(buckets.use(bucket)).then(() => buckets.markOf(bucket) === mark && report());
    noted.catch((error: unknown) => this.#node.report("engine.request_failed", error));
  }

  #fulfil(request: string, userIds: readonly string[]): void {
    const expected = this.#expected.get(request);
    this.#expected.delete(request);
    expected?.answer(userIds);
  }
}
