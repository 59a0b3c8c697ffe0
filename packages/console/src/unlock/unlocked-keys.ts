import { signal } from "@preact/signals";
import { decodeBase64, deriveChannelKey, openPayload, sealPayload, type OpenedPayload } from "@sealcast/crypto";

/** Length of a master key, in bytes. */
const masterKeyBytes = 32;

/** Master keys that the operator has typed into this page. They live in its memory only and leave it with the page. */
const masterKeys = signal<readonly Uint8Array[]>([]);

/** How many keys are unlocked. */
export function unlockedKeyCount(): number {
  return masterKeys.value.length;
}

/**
 * Unlocks encrypted channels in this page.
 *
 * @param text master keys in base64, 32 bytes each, one per line; the first one seals.
 * @returns a sentence about the first line that is no key, or undefined if all lines are.
 */
export function unlock(text: string): string | undefined {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  if (lines.length === 0) return "Expected at least one master key, got nothing";
  const keys: Uint8Array[] = [];
  for (const [index, line] of lines.entries()) {
    const key = decodeBase64(line);
    if (key === undefined) return `Line ${index + 1}: expected base64, got other text`;
    if (key.length !== masterKeyBytes)
      return `Line ${index + 1}: expected ${masterKeyBytes} bytes in base64, got ${key.length} bytes`;
    keys.push(key);
  }
  masterKeys.value = keys;
  return undefined;
}

/** Removes the keys from this page. */
export function lock(): void {
  for (const key of masterKeys.value) key.fill(0);
  masterKeys.value = [];
}

/** Opens the data of an encrypted channel with the unlocked keys; undefined if no key is unlocked. */
export function openLocally(channel: string, data: string): OpenedPayload | undefined {
  if (masterKeys.value.length === 0) return undefined;
  return openPayload(channelKeys(channel), data);
}

/** Seals data for an encrypted channel with the first unlocked key; undefined if no key is unlocked. */
export function sealLocally(channel: string, text: string): string | undefined {
  const [key] = channelKeys(channel);
  return key && sealPayload(key, crypto.getRandomValues(new Uint8Array(24)), text);
}

function channelKeys(channel: string): Uint8Array[] {
  return masterKeys.value.map((key) => deriveChannelKey(key, channel));
}
