import { traitsOf } from "@sealcast/protocol";

/** Whether events on a channel are encrypted between publisher and subscribers. */
export function isEncrypted(channel: string): boolean {
  return traitsOf(channel).encryption !== "none";
}
