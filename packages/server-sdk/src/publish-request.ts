import { sealedLength } from "@sealcast/crypto";
import { utf8Length } from "@sealcast/protocol";
import type { Encryption } from "./encryption.ts";
import { isEncryptedChannel } from "./encryption.ts";
import { SealcastError } from "./sealcast-error.ts";

/** An event before it is written: `data` is any JSON value, or text; further fields are sent as they are. */
export interface OutgoingEvent {
  readonly name: string;
  readonly data: unknown;
  readonly [field: string]: unknown;
}

/** An event of a batch, for its one channel. */
export interface BatchEvent extends OutgoingEvent {
  readonly channel: string;
}

/** How events become `data` texts. */
export interface Writer {
  readonly encryption: Encryption | undefined;
  /** Largest `data` of one event in bytes, sealing included. */
  readonly maxDataBytes: number;
}

/** One request that publishes. */
export interface PublishRequest {
  readonly resource: "/events" | "/batch_events";
  readonly channels: readonly string[];
  /** Writes the body; each call seals anew, with the key in force at the given time. */
  readonly body: (sealAtMs: number) => string;
}

/** One event for several plain channels, or for one encrypted channel. Throws where the event cannot be written. */
export function eventRequest(writer: Writer, channels: readonly string[], event: OutgoingEvent): PublishRequest {
  const { name, data, ...params } = event;
  const write = dataWriter(writer, channels[0] ?? "", data);
  const body = (sealAtMs: number): string => JSON.stringify({ name, data: write(sealAtMs), channels, ...params });
  return { resource: "/events", channels, body };
}

/** Several events, each for its own channel. Throws where one of them cannot be written. */
export function batchRequest(writer: Writer, events: readonly BatchEvent[]): PublishRequest {
  const writes = events.map((event) => ({ event, write: dataWriter(writer, event.channel, event.data) }));
  const body = (sealAtMs: number): string =>
    JSON.stringify({ batch: writes.map(({ event, write }) => ({ ...event, data: write(sealAtMs) })) });
  return { resource: "/batch_events", channels: events.map((event) => event.channel), body };
}

/** One event for an encrypted channel, out of a plaintext that is sealed as it is, whatever library wrote it. */
export function plaintextRequest(encryption: Encryption, channel: string, name: string, text: string): PublishRequest {
  const channels = [channel];
  const body = (sealAtMs: number): string =>
    JSON.stringify({ name, data: encryption.seal(channel, text, sealAtMs), channels });
  return { resource: "/events", channels, body };
}

/**
 * Turns `data` into text, checks its size and gives a function that writes it for the channel. Text goes to plain channels
 * as it is; to encrypted ones everything goes as JSON, as the official library has it.
 */
function dataWriter(writer: Writer, channel: string, data: unknown): (sealAtMs: number) => string | undefined {
  const { encryption, maxDataBytes } = writer;
  if (!isEncryptedChannel(channel)) {
    const text = typeof data === "string" ? data : (JSON.stringify(data) as string | undefined);
    if (text !== undefined) checkSize(utf8Length(text), maxDataBytes, "");
    return () => text;
  }
  if (encryption === undefined) {
    throw new SealcastError(
      "no-encryption-key",
      "Set encryptionMasterKey before triggering events on encrypted channels",
    );
  }
  const text = JSON.stringify(data) as string | undefined;
  if (text === undefined) {
    throw new SealcastError("invalid-argument", `Cannot encrypt data of type ${typeof data}: a JSON value is wanted`);
  }
  checkSize(sealedLength(utf8Length(text)), maxDataBytes, " after encryption");
  return (sealAtMs) => encryption.seal(channel, text, sealAtMs);
}

function checkSize(bytes: number, maxBytes: number, when: string): void {
  if (bytes <= maxBytes) return;
  const bytesOver = bytes - maxBytes;
  throw new SealcastError(
    "too-large",
    `Event data is ${bytes} bytes${when}, ${bytesOver} over the ${maxBytes} allowed`,
    {
      bytesOver,
    },
  );
}
