import { limits, ownProperties } from "@sealcast/protocol";
import type { Api, ApiRequest } from "./api.ts";
import { isEncryptedChannel } from "./encryption.ts";
import {
  batchRequest,
  eventRequest,
  type BatchEvent,
  type OutgoingEvent,
  type PublishRequest,
  type Writer,
} from "./publish-request.ts";
import { SealcastError } from "./sealcast-error.ts";

/** Counts of a channel that `info` asked for, by the names of the wire. */
export type WireCounts = ReadonlyMap<string, unknown>;

/** Sends one publishing request, each attempt once no channel of it is within the pause of a key rotation. */
export function sendPublish(api: Api, writer: Writer, request: PublishRequest): Promise<Response> {
  return api.sendForResponse(callOf(writer, request));
}

/**
 * Publishes one event to any number of channels, plain and encrypted ones mixed: to 100 plain ones at a time, to encrypted
 * ones in batches of 10, each sealed with the key of its channel. Gives the counts that `info` asked for, by channel.
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
    channels.filter((channel) => !isEncryptedChannel(channel)),
    limits.channelsPerPublish,
  );
  const encrypted = channels.filter(isEncryptedChannel);
  const paused = pausedChannels(writer, encrypted);
  const deliveries = plain.map(single);
  if (encrypted.length === 1) {
    deliveries.push(single(encrypted));
  } else {
    const events = encrypted.map((channel) => ({ channel, ...event }));
    deliveries.push(...batches(writer, events, paused, ({ channel }, value) => counts.set(channel, value)));
  }
  await sendAll(api, writer, deliveries, paused);
  return counts;
}

/** Publishes any number of events, ten in a request, in order on each channel. Gives the counts of each that has some. */
export async function publishBatch(
  api: Api,
  writer: Writer,
  events: readonly BatchEvent[],
): Promise<ReadonlyMap<BatchEvent, WireCounts>> {
  const counts = new Map<BatchEvent, WireCounts>();
  const paused = pausedChannels(
    writer,
    events.map(({ channel }) => channel),
  );
  const deliveries = batches(writer, events, paused, (event, value) => counts.set(event, value));
  await sendAll(api, writer, deliveries, paused);
  return counts;
}

/** A request, and what to do with its answer. */
interface Delivery {
  readonly request: PublishRequest;
  readonly read: (answer: unknown) => void;
}

/** Batches of ten; events that must wait for a key rotation share none with events that need not. */
function batches(
  writer: Writer,
  events: readonly BatchEvent[],
  paused: ReadonlySet<string>,
  read: (event: BatchEvent, counts: WireCounts) => void,
): Delivery[] {
  const [waiting, ready] = partition(events, ({ channel }) => paused.has(channel));
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
 * Sends requests one after the other, those that must wait for a key rotation beside the others. After a failure, what
 * follows in the same row is not sent.
 */
async function sendAll(
  api: Api,
  writer: Writer,
  deliveries: readonly Delivery[],
  paused: ReadonlySet<string>,
): Promise<void> {
  const rows = partition(deliveries, ({ request }) => request.channels.some((channel) => paused.has(channel)));
  const failures = await Promise.all(rows.map((row) => sendRow(api, writer, row)));
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

async function sendRow(api: Api, writer: Writer, row: readonly Delivery[]): Promise<RowFailure | undefined> {
  for (const [index, { request, read }] of row.entries()) {
    try {
      read(await api.sendForJson(callOf(writer, request)));
    } catch (error) {
      return { error, unconfirmed: row.slice(index).flatMap((delivery) => delivery.request.channels) };
    }
  }
  return undefined;
}

function callOf(writer: Writer, { resource, channels, body }: PublishRequest): ApiRequest {
  const bodyInTime = async (): Promise<string> => body(await sealingTime(writer, channels));
  return { method: "POST", resource, body: bodyInTime, idempotent: false };
}

/** Resolves once no channel is within the pause of a key rotation, with the time at which to seal. */
async function sealingTime({ encryption }: Writer, channels: readonly string[]): Promise<number> {
  return (await encryption?.waitUntilPublishable(channels.filter(isEncryptedChannel))) ?? 0;
}

/** The channels that are within the pause of a key rotation. Asked once for a call, as the answer changes with the clock. */
function pausedChannels({ encryption }: Writer, channels: readonly string[]): ReadonlySet<string> {
  const encrypted = new Set(channels.filter(isEncryptedChannel));
  return new Set([...encrypted].filter((channel) => encryption?.isPaused(channel) === true));
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
