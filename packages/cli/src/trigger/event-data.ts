/** Names of channels whose events the server library encrypts. */
const encrypted = /^(?:private|presence)-(?:cache-)?(?:encrypted|sealed)-/;

/**
 * Returns data for the server library such that subscribers receive the same value on every kind of channel. The library
 * sends text to plain channels as it is, where clients read it as JSON if it is JSON; to encrypted and sealed channels it
 * sends the JSON of the value.
 */
export function eventData(text: string, channel: string): unknown {
  if (!encrypted.test(channel)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
