import { limits, ownProperties } from "@sealcast/protocol";
import type { Api, ApiRequest } from "./api.ts";
import { isEncryptedChannel } from "./encryption.ts";
import {
  batchRequest,
  eventRequest,
  needsOwnCiphertext,
  type BatchEvent,
  type OutgoingEvent,
  type PublishRequest,
  type Writer,
} from "./publish-request.ts";
import { SealcastError } from "./sealcast-error.ts";

/** Counts of a channel that `info` asked for, by their names in the HTTP API. */
export type WireCounts = ReadonlyMap<string, unknown>;

/** Sends one publish request as soon as none of its channels is in a rotation pause. */
export function sendPublish(api: Api, writer: Writer, request: PublishRequest): Promise<Response> {
  return api.sendForResponse(callOf(writer, request, takeTurns(writer, request.channels)));
}

/**
 * Publishes one event to any number of channels, plain and encrypted ones mixed: to 100 plain ones per request, to
 * encrypted ones in batches of 10, each encrypted with the key of its channel.
 *
 * @returns the counts that `info` asked for, by channel.
 */
export async function publishToChannels(
  api: Api,
  writer: Writer,
  channels: readonly string[],
  event: OutgoingEvent,
): Promise<ReadonlyMap<string, WireCounts>> {
  const counts = new Map<string, WireCounts>();
  const single = (chunk: readonly string[]): Delivery => ({
    request: eventRequest(writer, chunk, event),
    read: (answer) => {
      for (const [channel, value] of fieldsOf(fieldsOf(answer).get("channels"))) counts.set(channel, fieldsOf(value));
    },
  });
  const plain = chunks(
    channels.filter((channel) => !needsOwnCiphertext(writer, channel)),
    limits.channelsPerPublish,
  );
  const encrypted = channels.filter((channel) => needsOwnCiphertext(writer, channel));
  const turns = takeTurns(writer, encrypted);
  const deliveries = plain.map(single);
  if (encrypted.length === 1) {
    deliveries.push(single(encrypted));
  } else {
    const events = encrypted.map((channel) => ({ channel, ...event }));
    deliveries.push(...batches(writer, events, turns, ({ channel }, value) => counts.set(channel, value)));
  }
  await sendAll(api, writer, deliveries, turns);
  return counts;
}

/**
 * Publishes any number of events, ten per request, in order on each channel.
 *
 * @returns the counts of each event for which the server returned some.
 */
export async function publishBatch(
  api: Api,
  writer: Writer,
  events: readonly BatchEvent[],
): Promise<ReadonlyMap<BatchEvent, WireCounts>> {
  const counts = new Map<BatchEvent, WireCounts>();
  const turns = takeTurns(
    writer,
    events.map(({ channel }) => channel),
  );
  const deliveries = batches(writer, events, turns, (event, value) => counts.set(event, value));
  await sendAll(api, writer, deliveries, turns);
  return counts;
}

/** A request, and what to do with its answer. */
interface Delivery {
  readonly request: PublishRequest;
  readonly read: (answer: unknown) => void;
}

/** Returns batches of ten events. Events that wait for a rotation pause and events that do not are in separate batches. */
function batches(
  writer: Writer,
  events: readonly BatchEvent[],
  turns: Turns,
  read: (event: BatchEvent, counts: WireCounts) => void,
): Delivery[] {
  const [waiting, ready] = partition(events, ({ channel }) => turns.has(channel));
  return [...chunks(ready, limits.eventsPerBatch), ...chunks(waiting, limits.eventsPerBatch)].map((chunk) => ({
    request: batchRequest(writer, chunk),
    read: (answer) => {
      const values = fieldsOf(answer).get("batch");
      if (!Array.isArray(values)) return;
      for (const [index, event] of chunk.entries()) read(event, fieldsOf(values[index]));
    },
  }));
}

/**
 * Sends requests in two rows at the same time: those that wait for a rotation pause, and the others. Within a row, requests
 * are sent one after the other; after a failure, the rest of the row is not sent.
 */
async function sendAll(api: Api, writer: Writer, deliveries: readonly Delivery[], turns: Turns): Promise<void> {
  const rows = partition(deliveries, ({ request }) => request.channels.some((channel) => turns.has(channel)));
  const failures = await Promise.all(rows.map((row) => sendRow(api, writer, row, turns)));
  const unconfirmed = failures.flatMap((failure) => failure?.unconfirmed ?? []);
  const first = failures.find((failure) => failure !== undefined);
  if (first === undefined) return;
  if (first.error instanceof SealcastError) first.error.unconfirmedChannels = unconfirmed;
  throw first.error;
}

interface RowFailure {
  readonly error: unknown;
  readonly unconfirmed: readonly string[];
}

async function sendRow(
  api: Api,
  writer: Writer,
  row: readonly Delivery[],
  turns: Turns,
): Promise<RowFailure | undefined> {
  for (const [index, { request, read }] of row.entries()) {
    try {
      read(await api.sendForJson(callOf(writer, request, turns)));
    } catch (error) {
      return { error, unconfirmed: row.slice(index).flatMap((delivery) => delivery.request.channels) };
    }
  }
  return undefined;
}

function callOf(writer: Writer, { resource, channels, body, idempotent }: PublishRequest, turns: Turns): ApiRequest {
  const { encryption } = writer;
  const encrypted = channels.filter(isEncryptedChannel);
  const fromMs = Math.max(0, ...encrypted.map((channel) => turns.get(channel) ?? 0));
  const sealedBody = async (): Promise<string> => body((await encryption?.sealingTime(encrypted, fromMs)) ?? 0);
  return { method: "POST", resource, body: sealedBody, idempotent };
}

/** Channels that must wait for the end of a rotation pause, with the time from which their events may be sealed. */
type Turns = ReadonlyMap<string, number>;

/** Asked once for a call, because the answer changes with the clock. */
function takeTurns({ encryption }: Writer, channels: readonly string[]): Turns {
  return encryption?.takeTurns(channels.filter(isEncryptedChannel)) ?? new Map<string, number>();
}

function fieldsOf(value: unknown): WireCounts {
  return ownProperties(value) ?? new Map<string, unknown>();
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [matching: T[], others: T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
