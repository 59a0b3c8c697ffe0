import { traitsOf } from "@sealcast/protocol";
import type { EventToSend, LogEntry } from "@sealcast/server/console";
import { keyIdOf } from "../unlock/sealed-channel.ts";
import { openLocally } from "../unlock/unlocked-keys.ts";

/** What the form of an event begins with. */
export interface EventDraft extends Partial<EventToSend> {
  /** Whether `data` is a ciphertext that is sent as it is. */
  readonly isCiphertext?: true;
}

/** A form that repeats an event, or why it cannot be repeated. */
export type Replay =
  | { readonly ok: true; readonly draft: EventDraft; readonly note: string | undefined }
  | { readonly ok: false; readonly why: string };

/**
 * Prepares an event of the log to be sent again. Data that this page can open is sealed again, with a new nonce. A ciphertext
 * of an encrypted channel can be sent as it was; one of a sealed channel cannot, because subscribers discard repeated ones.
 */
export function replayOf(entry: LogEntry): Replay | undefined {
  const { channel, event, data, fullDataLength, type } = entry;
  if (type !== "api-message" || channel === undefined || event === undefined || data === undefined) return undefined;
  if (fullDataLength !== undefined)
    return refuse("It cannot be sent again: the log has only the beginning of its data.");
  // Events to one user may be sealed, too; the name of the channel does not say so.
  const encryption = keyIdOf(data) === undefined ? traitsOf(channel).encryption : "sealed";
  if (encryption === "none") return { ok: true, draft: { channel, event, data }, note: undefined };
  const opened =
    traitsOf(channel).encryption === "none" ? undefined : openLocally({ channel, event, data, sender: "server" });
  if (opened?.ok === true) {
    if (opened.hiddenName !== undefined || opened.isBinary) {
      return refuse("It cannot be sent again from here: its name is hidden, or its data is binary.");
    }
    return { ok: true, draft: { channel, event, data: opened.text }, note: "The data is sealed again in this page." };
  }
  if (encryption === "sealed") {
    return refuse("Unlock first to send it again: subscribers discard a sealed event that they already have.");
  }
  return { ok: true, draft: { channel, event, data, isCiphertext: true }, note: "The ciphertext is sent as it is." };
}

function refuse(why: string): Replay {
  return { ok: false, why };
}
