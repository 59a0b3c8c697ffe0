import type { AppId, ChannelName } from "@sealcast/protocol";
import { LocalChannel } from "./local-channel.ts";
import { decodeChannelPayload } from "../encoding/payload.ts";
import type { RedisNode } from "../nodes/redis-node.ts";

/** The channels that this node uses. Messages of exactly these channels come from Redis. */
export class LocalChannels {
  readonly #node: RedisNode;
  readonly #channels = new Map<string, LocalChannel>();
  /** Topics that are being unsubscribed. */
  readonly #closing = new Map<string, Promise<void>>();

  constructor(node: RedisNode) {
    this.#node = node;
  }

  all(): readonly LocalChannel[] {
    return [...this.#channels.values()];
  }

  find(app: AppId, name: ChannelName): LocalChannel | undefined {
    return this.#channels.get(`${app}/${name}`);
  }

  /** The local state of a channel. Its gate opens when its messages arrive. */
  use(app: AppId, name: ChannelName): LocalChannel {
    const known = this.find(app, name);
    if (known !== undefined) return known;
    const behind = (): void => {
      channel.isDirty = true;
      this.#node.needsSync();
    };
    const channel: LocalChannel = new LocalChannel(app, name, this.#node.lastRequest, {
      deliver: (delivery) => this.#node.events?.deliver(app, delivery),
      missed: () => this.#node.events?.missed(app, name, channel.position.last),
      behind,
      isCurrent: (mark) => {
        if (mark === this.#node.buckets.markOf(channel.bucket)) return true;
        this.#node.buckets.doubt(channel.bucket);
        behind();
        return false;
      },
    });
    this.#channels.set(`${app}/${name}`, channel);
    void this.#open(channel);
    return channel;
  }

  /** Removes a channel that nothing on this node needs any more. */
  releaseIfIdle(channel: LocalChannel): void {
    if (channel.isIdle) this.#remove(channel);
  }

  /** See `LocalChannel.giveUp`. */
  giveUp(all: boolean): void {
    for (const channel of this.#channels.values()) channel.giveUp(all);
  }

  async #open(channel: LocalChannel): Promise<void> {
    const topic = this.#topicOf(channel);
    const listener = (payload: string): void => {
      const decoded = decodeChannelPayload(payload);
      if (decoded !== undefined) channel.receive(decoded);
    };
    try {
      await this.#closing.get(topic);
      await Promise.all([
        this.#node.buckets.use(channel.bucket),
        this.#node.connection.subscribe(topic, true, listener),
      ]);
      channel.gate.open(true);
    } catch {
      // Nobody has entered it, so there is nothing to synchronize. The next one who uses the channel subscribes again.
      this.#remove(channel);
      channel.gate.open(false);
    }
  }

  /** Forgets a channel, unless another object has taken its place, and ends its messages. */
  #remove(channel: LocalChannel): void {
    if (this.find(channel.app, channel.name) !== channel) return;
    this.#channels.delete(`${channel.app}/${channel.name}`);
    const topic = this.#topicOf(channel);
    const closed = this.#node.connection.unsubscribe(topic, true).catch(() => undefined);
    this.#closing.set(topic, closed);
    void closed.then(() => this.#closing.delete(topic));
  }

  #topicOf({ bucket, name }: LocalChannel): string {
    return this.#node.keys.topic(bucket, name);
  }
}
