import { sealedLength } from "@sealcast/crypto";
import { utf8Length } from "@sealcast/protocol";
import type { Encryption } from "./encryption.ts";
import { isEncryptedChannel } from "./encryption.ts";
import { SealcastError } from "./sealcast-error.ts";

/** An event before it is serialized: `data` is text or any JSON value; further fields are sent as they are. */
export interface OutgoingEvent {
  readonly name: string;
  readonly data: unknown;
  readonly [field: string]: unknown;
}

/** One event of a batch, with its channel. */
export interface BatchEvent extends OutgoingEvent {
  readonly channel: string;
}

/** How the `data` of events is serialized. */
export interface Writer {
  readonly encryption: Encryption | undefined;
  /** Largest `data` of one event in bytes, encryption included. */
  readonly maxDataBytes: number;
}

/** One publish request. */
export interface PublishRequest {
  readonly resource: "/events" | "/batch_events";
  readonly channels: readonly string[];
  /** Builds the body. Each call encrypts again, with the key that is in use at the given time. */
  readonly body: (sealAtMs: number) => string;
}

/**
 * Returns the request for one event on several plain channels, or on one encrypted channel.
 *
 * @throws {SealcastError} `too-large`, `no-encryption-key`, or `invalid-argument` for data that is not a JSON value.
 */
export function eventRequest(writer: Writer, channels: readonly string[], event: OutgoingEvent): PublishRequest {
  const { name, data, ...params } = event;
  const write = dataWriter(writer, channels[0] ?? "", data);
  const body = (sealAtMs: number): string => JSON.stringify({ name, data: write(sealAtMs), channels, ...params });
  return { resource: "/events", channels, body };
}

/** Returns the request for several events, each on its own channel. Throws as {@link eventRequest} does. */
export function batchRequest(writer: Writer, events: readonly BatchEvent[]): PublishRequest {
  const writes = events.map((event) => ({ event, write: dataWriter(writer, event.channel, event.data) }));
  const body = (sealAtMs: number): string =>
    JSON.stringify({ batch: writes.map(({ event, write }) => ({ ...event, data: write(sealAtMs) })) });
  return { resource: "/batch_events", channels: events.map((event) => event.channel), body };
}

/** Returns the request for one event on an encrypted channel, with a plaintext that is encrypted as it is. */
export function plaintextRequest(encryption: Encryption, channel: string, name: string, text: string): PublishRequest {
  const channels = [channel];
  const body = (sealAtMs: number): string =>
    JSON.stringify({ name, data: encryption.seal(channel, text, sealAtMs), channels });
  return { resource: "/events", channels, body };
}

/**
 * Serializes `data`, checks its size, and returns a function that encrypts it if the channel is encrypted. As in the
 * official library, text goes to plain channels as it is, and to encrypted channels as JSON.
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
    throw new SealcastError("invalid-argument", `Cannot encrypt data of type ${typeof data}: expected a JSON value`);
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
