import { randomBytes } from "node:crypto";
import type { Attack, Message } from "./malicious-broker.ts";

const envelopeOf = ({ data }: Message): string => (JSON.parse(String(data)) as { sealed: string }).sealed;
const withData = (message: Message, data: unknown): Message => ({ ...message, data: JSON.stringify(data) });
const withEnvelope = (message: Message, bytes: Uint8Array): Message =>
  withData(message, { sealed: Buffer.from(bytes).toString("base64url") });

/** Changes one byte of the envelope; `from` and `upTo` bound where. */
const changeByte =
  (from: number, upTo?: number): Attack =>
  (message, _, random) => {
    const bytes = Buffer.from(envelopeOf(message), "base64url");
    const at = from + random.below((upTo ?? bytes.length) - from);
    bytes[at] = (bytes[at] ?? 0) ^ (1 + random.below(255));
    return [withEnvelope(message, bytes)];
  };

/** What a malicious broker can do with an event. The event itself may be missing afterwards, but nothing else may arrive. */
export const attacks: Readonly<Record<string, Attack>> = {
  fair: (message) => [message],
  drop: () => [],
  "repeat at once": (message) => [message, message, message],
  "replay any earlier event": (message, seen, random) => [message, random.pick(seen)],
  "move an event to another channel": (message, seen, random) => [
    { ...random.pick(seen), channel: message.channel ?? "" },
  ],
  "rename an event": (message) => [{ ...message, event: "renamed" }],
  "pass a server event off as a client event": (message) => [{ ...message, event: "client-e" }],
  "change the header": changeByte(2, 10),
  "change the version or kind": changeByte(0, 2),
  "change nonce or ciphertext": changeByte(10),
  "cut the end off": (message, _, random) => {
    const bytes = Buffer.from(envelopeOf(message), "base64url");
    return [withEnvelope(message, bytes.subarray(0, random.below(bytes.length)))];
  },
  "append bytes": (message) => [
    withEnvelope(message, Buffer.concat([Buffer.from(envelopeOf(message), "base64url"), randomBytes(3)])),
  ],
  "downgrade to plaintext": (message, _, random) => [
    withData(message, random.pick<unknown>([{ n: -1 }, "text", 7, null, [], {}, true, { __proto__: { sealed: "x" } }])),
    { ...message, data: "not JSON" },
    { event: message.event, channel: message.channel ?? "" },
  ],
  "downgrade to the official scheme": (message) => [
    withData(message, { nonce: randomBytes(24).toString("base64"), ciphertext: randomBytes(40).toString("base64") }),
  ],
  "forge an event of the server": (message) => [
    { event: "pusher:forged", channel: message.channel ?? "", data: "{}" },
    { event: "pusher:decryption_error", channel: message.channel ?? "", data: '{"reason":"forged"}' },
    { event: "pusher_internal:forged", channel: message.channel ?? "", data: "{}" },
  ],
  "pollute prototypes": (message) => [
    { ...message, data: '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}' },
  ],
  "send a deep or long value": (message, _, random) => [
    { ...message, data: random.pick(["[".repeat(50_000), `{"sealed":"${"A".repeat(1_200_000)}"}`]) },
  ],
};
