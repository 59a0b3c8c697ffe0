import type { LogEntry } from "@sealcast/server/console";
import { isEncrypted } from "../unlock/is-encrypted.ts";
import { unlockedKeyCount } from "../unlock/key-list.ts";
import type { OpenedEvent } from "../unlock/sealed-channel.ts";
import { openLocally } from "../unlock/unlocked-keys.ts";

/** What the page can show of an entry's data. */
export interface EntryData {
  /** `plain`: as sent. `ciphertext`: encrypted, and shown as sent. `opened`: opened in this page. */
  readonly state: "plain" | "ciphertext" | "opened";
  readonly text: string;
  /** Why encrypted data is shown as sent, for people. */
  readonly note: string | undefined;
}

/** Prepares the data of an entry; undefined if the entry has none. */
export function entryData(
  entry: Pick<LogEntry, "channel" | "event" | "data" | "fullDataLength" | "type">,
): EntryData | undefined {
  const { channel = "", event = "", data, fullDataLength, type } = entry;
  if (data === undefined) return undefined;
  if (!isEncrypted(channel)) return { state: "plain", text: readable(data), note: shortened(fullDataLength) };
  const opened = openLocally({ channel, event, data, sender: type === "client-event" ? "client" : "server" });
  if (opened?.ok === true) return { state: "opened", text: readable(opened.text), note: openedNote(opened) };
  return { state: "ciphertext", text: readable(data), note: whyClosed(opened?.reason) ?? shortened(fullDataLength) };
}

function openedNote({ hiddenName, keyIndex }: Extract<OpenedEvent, { readonly ok: true }>): string {
  const name = hiddenName === undefined ? "" : `Its real name is ${hiddenName}. `;
  return `${name}Opened with key ${keyIndex + 1} of ${unlockedKeyCount()}.`;
}

function whyClosed(reason: "malformed" | "auth-failed" | undefined): string | undefined {
  if (reason === undefined) return "Encrypted. Unlock with a master key to open it in this page.";
  if (reason === "auth-failed") return "None of the unlocked keys opens it.";
  return "It is not a well-formed encrypted payload.";
}

function shortened(fullLength: number | undefined): string | undefined {
  return fullLength === undefined ? undefined : `Shortened; the whole text has ${fullLength} characters.`;
}

/** JSON with line breaks; other text as it is. */
function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
