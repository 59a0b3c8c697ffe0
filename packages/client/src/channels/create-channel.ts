import { checkText } from "#checks";
import { SealcastError } from "../sealcast-error.ts";
import { Channel } from "./channel.ts";
import type { ChannelHost } from "./channel-host.ts";

/**
 * Creates the channel with this name.
 *
 * @throws {SealcastError} `invalid-argument` if the name starts with `#`: those channels belong to signed-in users.
 */
export function createChannel(name: string, host: ChannelHost): Channel {
  checkText("name of a channel", name);
  if (name.startsWith("#")) {
    throw new SealcastError("invalid-argument", `Cannot create a channel with name "${name}".`);
  }
  return new Channel(name, host);
}
