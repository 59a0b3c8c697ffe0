import type { ChannelName } from "@sealcast/protocol";
import { listOf, textOf } from "../encoding/reply.ts";
import { heldScript } from "../scripts/channel-scripts.ts";
import type { RedisNode } from "./redis-node.ts";

/**
 * The channels of a bucket that a node holds, according to Redis, in parts of about 100.
 *
 * @param name the node's.
 */
export async function* heldChannels(
  bucket: string,
  name: string,
  { connection, keys }: RedisNode,
): AsyncGenerator<readonly ChannelName[]> {
  let cursor = "0";
  do {
    const [next, channels] = listOf(await connection.run(heldScript, [keys.heldBy(bucket, name)], [cursor]));
    yield listOf(channels).map((channel) => textOf(channel) as ChannelName);
    cursor = textOf(next);
  } while (cursor !== "0");
}
