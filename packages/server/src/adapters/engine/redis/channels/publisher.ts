import type { AppId } from "@sealcast/protocol";
import type { Position, Publication, PublishRate } from "../../../../ports/broker.ts";
import type { Unavailable } from "../../../../ports/unavailable.ts";
import { bucketOf } from "../encoding/keys.ts";
import type { LocalChannel } from "./local-channel.ts";
import type { LocalChannels } from "./local-channels.ts";
import { encodeMessage } from "../encoding/payload.ts";
import type { RedisNode } from "../nodes/redis-node.ts";
import { listOf, numberOf, positionOf } from "../encoding/reply.ts";
import { publishScript } from "../scripts/channel-scripts.ts";
import { takeScript } from "../scripts/rate-script.ts";
import { UsedUpRates } from "./used-up-rates.ts";

/** A publication that was published. */
interface Published {
  readonly position: Position | undefined;
  /** Whether a publication of this id was published before. */
  readonly isRepeated: boolean;
}

/** What becomes of one publication. */
type Outcome = Published | "too-many" | Unavailable;
type Positions = readonly (Position | undefined)[];

/** Publishes: one command for each publication, whether it is kept or not. */
export class Publisher {
  readonly #node: RedisNode;
  readonly #channels: LocalChannels;
  readonly #usedUp: UsedUpRates;

  constructor(node: RedisNode, channels: LocalChannels) {
    this.#node = node;
    this.#channels = channels;
    this.#usedUp = new UsedUpRates(node.clock);
  }

  /** Publishes and resolves when the subscribers of this node have the messages. */
  async publish(app: AppId, publications: readonly Publication[]): Promise<Positions | Unavailable> {
    const [publication] = publications;
    if (publications.length === 1 && publication !== undefined) {
      const outcome = await this.#publish(app, publication, undefined);
      return typeof outcome === "object" ? [outcome.position] : "unavailable";
    }
    const outcomes = await Promise.all(publications.map((one) => this.#publish(app, one, undefined)));
    const published = outcomes.filter((outcome) => typeof outcome === "object");
    return published.length === outcomes.length ? published.map(({ position }) => position) : "unavailable";
  }

  /**
   * Publishes likewise, if the rate allows it. One publication is counted by the command that publishes it. Several are
   * counted by a command before; so are those in Redis Cluster, as the rate has another hash slot than the channel.
   */
  async publishWithin(
    app: AppId,
    publications: readonly Publication[],
    rate: PublishRate,
  ): Promise<Positions | "too-many" | Unavailable> {
    if (this.#usedUp.refuses(app, rate)) return "too-many";
    const [publication, ...others] = publications;
    const isOne = publication !== undefined && others.length === 0;
    if (isOne && this.#node.connection.publishCommand === "PUBLISH") {
      const outcome = await this.#publish(app, publication, rate);
      return typeof outcome === "object" ? [outcome.position] : outcome;
    }
    const taken = await this.#take(app, rate);
    return taken === "taken" ? this.publish(app, publications) : taken;
  }

  /** Publishes, and returns whether the id of the publication was not published before. */
  async publishOnce(app: AppId, publication: Publication): Promise<boolean | Unavailable> {
    const outcome = await this.#publish(app, publication, undefined);
    return typeof outcome === "object" ? !outcome.isRepeated : "unavailable";
  }

  async #take(app: AppId, rate: PublishRate): Promise<"taken" | "too-many" | Unavailable> {
    const { connection, keys } = this.#node;
    try {
      const args = [String(rate.events), String(rate.perSecond)];
      const waitMs = numberOf(await connection.run(takeScript, [keys.rate(app)], args));
      if (waitMs === 0) return "taken";
      this.#usedUp.refused(app, rate, waitMs);
      return "too-many";
    } catch (error) {
      this.#node.report("engine.request_failed", error);
      return "unavailable";
    }
  }

  async #publish(app: AppId, publication: Publication, rate: PublishRate | undefined): Promise<Outcome> {
    const channel = this.#channels.find(app, publication.channel);
    const number = `${this.#node.name} ${this.#node.nextRequest()}`;
    const send = (): Promise<Outcome> => this.#send(app, publication, rate, number);
    try {
      return channel === undefined ? await send() : await untilDelivered(channel, number, send);
    } catch (error) {
      this.#node.report("engine.request_failed", error);
      return "unavailable";
    } finally {
      if (channel !== undefined) this.#channels.releaseIfIdle(channel);
    }
  }

  async #send(
    app: AppId,
    publication: Publication,
    rate: PublishRate | undefined,
    number: string,
  ): Promise<Published | "too-many"> {
    const { channel, message, except, keep, id } = publication;
    const { connection, keys, name, settings } = this.#node;
    const bucket = bucketOf(app, channel);
    const topic = keys.topic(bucket, channel);
    if (keep === undefined && id === undefined && rate === undefined) {
      await connection.publish(topic, encodeMessage(except, number, message));
      return { position: undefined, isRepeated: false };
    }
    const noted = keep === undefined ? undefined : this.#node.buckets.use(bucket);
    if (noted !== undefined) await noted;
    const { history } = keys.channel(bucket, channel, name);
    const known = id === undefined ? [] : [keys.published(bucket, channel, id)];
    const counted = rate === undefined ? [] : [keys.rate(app)];
    const reply = await connection.run(
      publishScript,
      [...history, ...known, ...counted],
      [
        connection.publishCommand,
        topic,
        except ?? "",
        number,
        message,
        String(keep?.count ?? 0),
        String(keep?.ttlSeconds ?? 0),
        settings.randomText(),
        id === undefined ? "0" : "1",
        String(rate?.events ?? 0),
        String(rate?.perSecond ?? 0),
      ],
    );
    if (rate !== undefined && typeof reply === "number") {
      this.#usedUp.refused(app, rate, reply);
      return "too-many";
    }
    const [epoch, offset, isNew] = listOf(reply);
    return { position: positionOf(epoch, offset), isRepeated: isNew === 0 };
  }
}

/** Publishes on a channel with subscribers here, and waits until they have the message. */
async function untilDelivered(channel: LocalChannel, number: string, send: () => Promise<Outcome>): Promise<Outcome> {
  let delivered: Promise<boolean> | undefined;
  try {
    const outcome = await channel.gate.pass((open) => {
      if (open) delivered = channel.delivered(number);
      return send();
    });
    const comes = typeof outcome === "object" && !outcome.isRepeated;
    if (!comes) channel.forgetPublish(number);
    // Not within the gate: the synchronization that delivers what was missed before waits until nobody is in it.
    return !comes || (await (delivered ?? true)) ? outcome : "unavailable";
  } catch (error) {
    channel.forgetPublish(number);
    throw error;
  }
}
