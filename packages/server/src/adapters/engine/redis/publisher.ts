import type { AppId } from "@sealcast/protocol";
import type { Position, Publication } from "../../../ports/broker.ts";
import type { Unavailable } from "../../../ports/unavailable.ts";
import { bucketOf } from "./keys.ts";
import type { LocalChannel } from "./local-channel.ts";
import type { LocalChannels } from "./local-channels.ts";
import { encodeMessage } from "./payload.ts";
import type { RedisNode } from "./redis-node.ts";
import { listOf, positionOf } from "./reply.ts";
import { publishScript } from "./scripts/channel-scripts.ts";

interface Sent {
  readonly position: Position | undefined;
  /** Whether a publication of this id was published before. */
  readonly isRepeated: boolean;
}

/** Publishes: one command for each publication, whether it is kept or not. */
export class Publisher {
  readonly #node: RedisNode;
  readonly #channels: LocalChannels;

  constructor(node: RedisNode, channels: LocalChannels) {
    this.#node = node;
    this.#channels = channels;
  }

  /** Publishes and resolves when the subscribers of this node have the message. */
  async publish(app: AppId, publication: Publication): Promise<Position | undefined | Unavailable> {
    const channel = this.#channels.find(app, publication.channel);
    const id = `${this.#node.name} ${this.#node.nextRequest()}`;
    try {
      if (channel === undefined) return await this.#send(app, publication, id);
      return await channel.gate.pass((open) =>
        open ? this.#publishLocally(channel, publication, id) : this.#send(app, publication, id),
      );
    } catch (error) {
      this.#node.report("engine.request_failed", error);
      return "unavailable";
    } finally {
      if (channel !== undefined) this.#channels.releaseIfIdle(channel);
    }
  }

  async #publishLocally(
    channel: LocalChannel,
    publication: Publication,
    id: string,
  ): Promise<Position | undefined | Unavailable> {
    const delivered = channel.delivered(id);
    try {
      const { position, isRepeated } = await this.#sent(channel.app, publication, id);
      if (isRepeated) channel.forgetPublish(id);
      return isRepeated || (await delivered) ? position : "unavailable";
    } catch (error) {
      channel.forgetPublish(id);
      throw error;
    }
  }

  async #send(app: AppId, publication: Publication, id: string): Promise<Position | undefined> {
    return (await this.#sent(app, publication, id)).position;
  }

  async #sent(app: AppId, publication: Publication, number: string): Promise<Sent> {
    const { channel, message, except, keep, id } = publication;
    const { connection, keys, name, settings } = this.#node;
    const bucket = bucketOf(app, channel);
    const topic = keys.topic(bucket, channel);
    if (keep === undefined && id === undefined) {
      await connection.publish(topic, encodeMessage(except, number, message));
      return { position: undefined, isRepeated: false };
    }
    const { history } = keys.channel(bucket, channel, name);
    const known = id === undefined ? [] : [keys.published(bucket, channel, id)];
    const [epoch, offset, isNew] = listOf(
      await connection.run(
        publishScript,
        [...history, ...known],
        [
          connection.publishCommand,
          topic,
          except ?? "",
          number,
          message,
          String(keep?.count ?? 0),
          String(keep?.ttlSeconds ?? 0),
          settings.randomText(),
        ],
      ),
    );
    return { position: positionOf(epoch, offset), isRepeated: isNew === 0 };
  }
}
