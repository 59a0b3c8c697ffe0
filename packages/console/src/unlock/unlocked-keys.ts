import { deriveChannelKey, openPayload, sealPayload } from "@sealcast/crypto";
import { traitsOf } from "@sealcast/protocol";
import { app } from "../shell/app-choice.ts";
import { keys } from "./key-list.ts";
import { parseKeyText } from "./key-text.ts";
import { SealedChannel, type OpenedEvent, type SealedEvent } from "./sealed-channel.ts";

/** Channels whose keys were derived, by app and name. */
const channels = new Map<string, SealedChannel>();

/** The unlocked keys without the keys themselves: from when each of them seals. */
export function unlockedKeyTimes(): readonly (number | undefined)[] {
  return keys.value.map(({ fromMs }) => fromMs);
}

/**
 * Unlocks encrypted channels in this page.
 *
 * @param text see {@link parseKeyText}.
 * @returns a sentence about what is wrong with the text, or undefined.
 */
export function unlock(text: string): string | undefined {
  const parsed = parseKeyText(text);
  if (!parsed.ok) return parsed.problem;
  channels.clear();
  keys.value = parsed.keys;
  return undefined;
}

/** Removes the keys from this page. */
export function lock(): void {
  for (const { key } of keys.value) key.fill(0);
  channels.clear();
  keys.value = [];
}

/** Opens an event of an encrypted channel with the unlocked keys; undefined if no key is unlocked. */
export function openLocally(event: SealedEvent): OpenedEvent | undefined {
  const { value } = keys;
  if (value.length === 0) return undefined;
  if (isSealed(event.channel)) return sealedChannel(event.channel).open(event);
  for (const [keyIndex, { key }] of value.entries()) {
    const opened = openPayload([deriveChannelKey(key, event.channel)], event.data);
    if (opened.ok) {
      return { ok: true, text: opened.plaintext.text, isBinary: false, keyIndex, hiddenName: undefined };
    }
    if (opened.reason === "malformed") return { ok: false, reason: "malformed" };
  }
  return { ok: false, reason: "auth-failed" };
}

/** Seals data for an encrypted channel with the unlocked key in use; undefined if no key is unlocked. */
export function sealLocally(channel: string, event: string, text: string): string | undefined {
  const key = keys.value[keyInUse()]?.key;
  if (key === undefined) return undefined;
  if (isSealed(channel)) return sealedChannel(channel).seal(event, text);
  return sealPayload(deriveChannelKey(key, channel), crypto.getRandomValues(new Uint8Array(24)), text);
}

/** The index of the unlocked key with an id that an event on a sealed channel names; undefined: none has it. */
export function indexOfKeyId(channel: string, keyId: string): number | undefined {
  return keys.value.length === 0 ? undefined : sealedChannel(channel).indexOf(keyId);
}

/** The index of the key that publishers seal with now: the latest whose time has come. */
export function keyInUse(): number {
  return Math.max(
    keys.value.findLastIndex(({ fromMs }) => fromMs !== undefined && fromMs <= Date.now()),
    0,
  );
}

function isSealed(channel: string): boolean {
  return traitsOf(channel).encryption === "sealed";
}

function sealedChannel(channel: string): SealedChannel {
  const appId = app.value?.id ?? "";
  const name = `${appId}/${channel}`;
  let found = channels.get(name);
  if (found === undefined) {
    const ringKeys = keys.value.map(({ key }) => key);
    found = new SealedChannel(appId, channel, ringKeys, keyInUse());
    channels.set(name, found);
  }
  return found;
}
