import { traitsOf } from "@sealcast/protocol";
import { isEncryptedChannel, type Encryption } from "./encryption.ts";
import type { SealedChannels } from "./sealed/sealed-channels.ts";

/** What opens events. */
export interface EventReader {
  readonly encryption: Encryption | undefined;
  /** Undefined if the app has no sealed channels. */
  readonly sealed?: SealedChannels | undefined;
}

/** An event with its content. */
export interface OpenedEvent {
  /** On sealed channels, the real name. */
  readonly name: string;
  readonly data: string;
  /** `none`: the channel is not encrypted; `opened`: `data` is the decrypted text; `unreadable`: `data` is as received. */
  readonly encryption: "none" | "opened" | "unreadable";
}

/** Opens an event if its channel is encrypted and the ring has its key. */
export function openEvent(
  { encryption, sealed }: EventReader,
  channel: string,
  { name, data }: { readonly name: string; readonly data: string },
): OpenedEvent {
  if (sealed !== undefined && traitsOf(channel).encryption === "sealed") {
    const content = sealed.open(channel, name, data);
    return content === undefined
      ? { name, data, encryption: "unreadable" }
      : { name: content.name, data: JSON.stringify(content.value), encryption: "opened" };
  }
  if (!isEncryptedChannel(channel)) return { name, data, encryption: "none" };
  const opened = encryption?.open(channel, data);
  return opened?.ok === true
    ? { name, data: opened.plaintext.text, encryption: "opened" }
    : { name, data, encryption: "unreadable" };
}
