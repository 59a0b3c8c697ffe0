import { encodeJson, wrongType } from "./arguments.ts";
import { sealedLength } from "@sealcast/crypto";
import { utf8Length } from "@sealcast/protocol";
import type { Encryption } from "./encryption.ts";
import { isEncryptedChannel } from "./encryption.ts";
import { SealcastError } from "./sealcast-error.ts";
import type { SealedChannels, SealedEvent } from "./sealed/sealed-channels.ts";

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
  /** Undefined if the app has no sealed channels. */
  readonly sealed?: SealedChannels | undefined;
  /** Largest `data` of one event in bytes, encryption included. */
  readonly maxDataBytes: number;
}

/** One publish request. */
export interface PublishRequest {
  readonly resource: "/events" | "/batch_events";
  readonly channels: readonly string[];
  /**
   * Builds the body. Each call encrypts again, with the key that is in use at the given time; sealed events stay the same,
   * so that receivers accept them once.
   */
  readonly body: (sealAtMs: number) => string;
  /** Whether sending the request twice has the same effect as sending it once. */
  readonly idempotent: boolean;
}

/**
 * Returns the request for one event on several plain channels, or on one encrypted channel.
 *
 * @throws {SealcastError} `too-large`, `no-encryption-key`, or `invalid-argument` for data that is not a JSON value.
 */
export function eventRequest(writer: Writer, channels: readonly string[], event: OutgoingEvent): PublishRequest {
  const { name, data, ...params } = event;
  const write = eventWriter(writer, channels[0] ?? "", name, data);
  const body = (sealAtMs: number): string => JSON.stringify({ ...write(sealAtMs), channels, ...params });
  const idempotent = hasKey(event) || channels.every((channel) => isSealed(writer, channel));
  return { resource: "/events", channels, body, idempotent };
}

/** Returns the request for several events, each on its own channel. Throws as {@link eventRequest} does. */
export function batchRequest(writer: Writer, events: readonly BatchEvent[]): PublishRequest {
  const writes = events.map((event) => ({ event, write: eventWriter(writer, event.channel, event.name, event.data) }));
  const body = (sealAtMs: number): string =>
    JSON.stringify({ batch: writes.map(({ event, write }) => ({ ...event, ...write(sealAtMs) })) });
  const channels = events.map((event) => event.channel);
  const idempotent = events.every((event) => hasKey(event) || isSealed(writer, event.channel));
  return { resource: "/batch_events", channels, body, idempotent };
}

/** Returns the request for one event on an encrypted channel, with a plaintext that is encrypted as it is. */
export function plaintextRequest(encryption: Encryption, channel: string, name: string, text: string): PublishRequest {
  const channels = [channel];
  const body = (sealAtMs: number): string =>
    JSON.stringify({ name, data: encryption.seal(channel, text, sealAtMs), channels });
  return { resource: "/events", channels, body, idempotent: false };
}

/** Returns whether the server publishes an event once, however often it is sent. */
function hasKey(event: OutgoingEvent): boolean {
  return event["idempotency_key"] !== undefined;
}

/** Returns whether events on a channel are sealed. */
function isSealed({ sealed }: Writer, channel: string): boolean {
  return sealed?.seals(channel) === true;
}

/** Returns whether an event needs a ciphertext of its own for this channel. */
export function needsOwnCiphertext(writer: Writer, channel: string): boolean {
  return isEncryptedChannel(channel) || isSealed(writer, channel);
}

/** The name and the `data` of an event on the wire. */
type WireEvent = { readonly name: string; readonly data: string | undefined };

/**
 * Serializes `data`, checks its size, and returns a function that encrypts it if the channel is encrypted. As in the
 * official library, text goes to plain channels as it is, and to encrypted channels as JSON.
 */
function eventWriter(writer: Writer, channel: string, name: string, data: unknown): (sealAtMs: number) => WireEvent {
  const { encryption, sealed, maxDataBytes } = writer;
  if (sealed !== undefined && isSealed(writer, channel)) {
    const payload = data instanceof Uint8Array ? data : jsonOf(data);
    checkSize(sealed.sealedLength(name, payload), maxDataBytes, " after sealing");
    let event: SealedEvent | undefined;
    return () => (event ??= sealed.seal(channel, name, payload));
  }
  if (!isEncryptedChannel(channel)) {
    const text = typeof data === "string" ? data : encodeJson("data", data);
    if (text !== undefined) checkSize(utf8Length(text), maxDataBytes, "");
    return () => ({ name, data: text });
  }
  if (encryption === undefined) {
    throw new SealcastError(
      "no-encryption-key",
      "Set encryptionMasterKey before triggering events on encrypted channels",
    );
  }
  const text = jsonOf(data);
  checkSize(sealedLength(utf8Length(text)), maxDataBytes, " after encryption");
  return (sealAtMs) => ({ name, data: encryption.seal(channel, text, sealAtMs) });
}

function jsonOf(data: unknown): string {
  const text = encodeJson("data", data);
  if (text !== undefined) return text;
  throw wrongType("data", "a JSON value", data);
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
