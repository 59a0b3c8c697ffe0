import type { AppId } from "@sealcast/protocol";
import type { Position, Publication } from "../../../ports/broker.ts";
import type { Unavailable } from "../../../ports/unavailable.ts";
import { bucketOf } from "./keys.ts";
import type { LocalChannel } from "./local-channel.ts";
import type { LocalChannels } from "./local-channels.ts";
import { encodeMessage } from "./payload.ts";
import type { RedisNode } from "./redis-node.ts";
import { listOf, positionOf } from "./reply.ts";
import { publishKeptScript } from "./scripts/channel-scripts.ts";

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
      const position = await this.#send(channel.app, publication, id);
      return (await delivered) ? position : "unavailable";
    } catch (error) {
      channel.forgetPublish(id);
      throw error;
    }
  }

  async #send(app: AppId, { channel, message, except, keep }: Publication, id: string): Promise<Position | undefined> {
    const { connection, keys, name, settings } = this.#node;
    const bucket = bucketOf(app, channel);
    const topic = keys.topic(bucket, channel);
    if (keep === undefined) {
      await connection.publish(topic, encodeMessage(except, id, message));
      return undefined;
    }
    const reply = await connection.run(publishKeptScript, keys.channel(bucket, channel, name).history, [
      connection.publishCommand,
      topic,
      except ?? "",
      id,
      message,
      String(keep.count),
      String(keep.ttlSeconds),
      settings.randomText(),
    ]);
    const [epoch, offset] = listOf(reply);
    return positionOf(epoch, offset);
  }
}
