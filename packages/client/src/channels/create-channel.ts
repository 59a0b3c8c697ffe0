import { SealcastError } from "../sealcast-error.ts";
import { Channel } from "./channel.ts";
import type { ChannelHost } from "./channel-host.ts";
import { EncryptedChannel } from "./encrypted-channel.ts";
import { PresenceChannel } from "./presence-channel.ts";
import { PrivateChannel } from "./private-channel.ts";

/** Whether the events of a channel are sealed. A test compares this file with the channel kinds of the protocol. */
export function isEncrypted(name: string): boolean {
  return name.startsWith("private-encrypted-");
}

/** Makes the object for a channel, of the class that its name asks for. A name that starts with `#` throws. */
export function createChannel(name: string, host: ChannelHost): Channel {
  if (name.startsWith("#")) {
    throw new SealcastError("invalid-argument", `Cannot create a channel with name "${name}".`);
  }
  if (isEncrypted(name)) return new EncryptedChannel(name, host);
  if (name.startsWith("private-")) return new PrivateChannel(name, host);
  return name.startsWith("presence-") ? new PresenceChannel(name, host) : new Channel(name, host);
}
