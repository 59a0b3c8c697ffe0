// cspell:ignore ssubscribe sunsubscribe smessage
/** What a connection reports. */
export interface TopicConnectionEvents {
  message(topic: string, payload: string): void;
  /** Redis has ended a subscription: the hash slot of the topic has moved to another server. */
  ended(topic: string): void;
  /** The connection has ended, and with it the subscriptions of these topics. */
  lost(topics: readonly string[], reason: unknown): void;
}

/** The part of the library's client that this uses. */
export interface TopicClient {
  connect(): Promise<unknown>;
  destroy(): void;
  sendCommand(command: string[]): Promise<unknown>;
  on(event: "error", listener: (error: unknown) => void): unknown;
  _getQueue(): { readonly decoder: Decoder };
}

/** Where the library takes what Redis sends. The first two hand it to the oldest command without an answer. */
interface Decoder {
  onReply: (reply: unknown) => void;
  onErrorReply: (error: Error) => void;
  onPush: (push: unknown[]) => unknown;
}

type Command = "SSUBSCRIBE" | "SUNSUBSCRIBE" | "PING";

/** Between two commands that show that the connection works, in milliseconds. */
const pingMs = 1_000;

/**
 * A connection to one server of a Redis Cluster, for the topics of its hash slots. It connects once.
 *
 * Redis confirms `SUNSUBSCRIBE` with the same message that ends a subscription when its hash slot moves. The library takes
 * every such message for an answer, and from then on assigns answers to the wrong commands. So this decides which command is
 * answered: after each `SUNSUBSCRIBE` comes a `PING`, whose answer is unmistakable.
 */
export class TopicConnection {
  readonly #client: TopicClient;
  readonly #events: TopicConnectionEvents;
  readonly #opened: Promise<unknown>;
  readonly #topics = new Set<string>();
  /** Commands without an answer, oldest first. */
  readonly #unanswered: Command[] = [];
  #pings: NodeJS.Timeout | undefined;
  #hasEnded = false;

  /** @param client a client of the library for this purpose only, which does not connect again. */
  constructor(client: TopicClient, events: TopicConnectionEvents) {
    this.#client = client;
    this.#events = events;
    client.on("error", (error) => this.#lose(error));
    this.#opened = client.connect().then(() => this.#begin());
    this.#opened.catch((error: unknown) => this.#lose(error));
  }

  hasTopic(topic: string): boolean {
    return this.#topics.has(topic);
  }

  /** Resolves once Redis has confirmed that. The subscription may have ended again by then: see `hasTopic`. */
  async subscribe(topic: string): Promise<void> {
    await this.#opened;
    await this.#send("SSUBSCRIBE", topic);
  }

  async unsubscribe(topic: string): Promise<void> {
    this.#topics.delete(topic);
    await this.#opened;
    // Refused if its hash slot has moved: then Redis has ended the subscription already.
    this.#send("SUNSUBSCRIBE", topic).catch(() => undefined);
    await this.#send("PING");
  }

  /** Ends the connection, and reports that as a loss if there is a reason. */
  close(reason?: Error): void {
    if (reason === undefined) this.#end();
    else this.#lose(reason);
  }

  #begin(): void {
    if (this.#hasEnded) return;
    // oxlint-disable-next-line no-underscore-dangle -- the library has no public way to see what Redis sends
    const { decoder } = this.#client._getQueue();
    const { onReply, onErrorReply } = decoder;
    decoder.onReply = (reply) => {
      // Only `PING` has a reply. Commands before it were answered by messages.
      while (this.#unanswered.shift() === "SUNSUBSCRIBE") onReply(undefined);
      onReply(reply);
    };
    decoder.onErrorReply = (error) => {
      this.#unanswered.shift();
      onErrorReply(error);
    };
    decoder.onPush = ([kind, topic, payload]) => {
      switch (String(kind)) {
        case "smessage":
          this.#events.message(String(topic), String(payload));
          break;
        case "ssubscribe":
          this.#topics.add(String(topic));
          this.#unanswered.shift();
          onReply(undefined);
          break;
        case "sunsubscribe":
          if (this.#topics.delete(String(topic))) this.#events.ended(String(topic));
      }
    };
    // A refusal is an answer, too: Redis may be busy with a script.
    this.#pings = setInterval(() => void this.#send("PING").catch(() => undefined), pingMs);
  }

  #send(command: Command, ...args: readonly string[]): Promise<unknown> {
    if (this.#hasEnded) return Promise.reject(new Error("The connection to Redis has ended"));
    this.#unanswered.push(command);
    return this.#client.sendCommand([command, ...args]);
  }

  #lose(reason: unknown): void {
    if (this.#hasEnded) return;
    const topics = [...this.#topics];
    this.#end();
    this.#events.lost(topics, reason);
  }

  #end(): void {
    this.#hasEnded = true;
    this.#topics.clear();
    clearInterval(this.#pings);
    try {
      this.#client.destroy();
    } catch {
      // It was closed already.
    }
  }
}
