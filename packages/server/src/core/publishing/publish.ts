import {
  errorCatalogue,
  fail,
  isReservedEvent,
  ok,
  parseChannelName,
  parseEventName,
  parseSocketId,
  quote,
  traitsOf,
  limits,
  type ChannelName,
  type EventName,
  type Parsed,
  type Problem,
  type SocketId,
} from "@sealcast/protocol";
import type { App } from "../apps/app.ts";
import { andThen, type Awaitable } from "../awaitable.ts";
import { dataProblem } from "./client-event.ts";
import { parseInfo, type InfoAttribute } from "../channels/info.ts";
import { shapeProblem } from "./shape-problem.ts";
import { inTurns, type Turns } from "../turns.ts";

/** One event to publish, checked. */
export interface PublishRequest {
  readonly event: EventName;
  readonly data: string;
  /** Distinct, at least one. */
  readonly channels: readonly ChannelName[];
  readonly except: SocketId | undefined;
  /** What the publisher wants to know of the channels; empty: nothing. */
  readonly info: readonly InfoAttribute[];
  /** The publisher's name for the event: a repeated request with it publishes nothing. */
  readonly id: string | undefined;
}

/** The fields of an event as they came: from a JSON body, or from the query. */
export interface PublishFields {
  readonly name?: unknown;
  readonly data?: unknown;
  readonly channel?: unknown;
  readonly channels?: unknown;
  readonly socket_id?: unknown;
  readonly info?: unknown;
  readonly idempotency_key?: unknown;
}

/** Checks the fields of one event. Fails with the error that the HTTP API answers. */
export function parsePublish(app: App, fields: PublishFields): Parsed<PublishRequest> {
  const channels = parseChannels(app, fields);
  if (!channels.ok) return channels;
  return parseEvent(app, fields, channels.value);
}

/**
 * Checks the elements of a batch: 1 to 10, each with exactly one channel; one bad element refuses all. Large ones take several
 * turns of the event loop.
 */
export function parseBatch(app: App, batch: unknown, turns: Turns): Awaitable<Parsed<readonly PublishRequest[]>> {
  if (batch === undefined) return fail("missingParameter", "Missing required parameter: batch");
  if (!Array.isArray(batch)) return fail("invalidParameter", `Invalid batch: expected an array, got ${quote(batch)}`);
  if (batch.length === 0) return fail("missingParameter", "Missing required parameter: batch");
  if (batch.length > limits.eventsPerBatch) {
    return fail("batchTooLarge", `Batch too large (${batch.length} > ${limits.eventsPerBatch})`);
  }
  const requests: PublishRequest[] = [];
  let problem: Problem | undefined;
  const parsed = inTurns(turns, batch, (element) => {
    if (problem !== undefined) return;
    const request = parseElement(app, element);
    if (request.ok) requests.push(request.value);
    else {
      const { id, message } = request.error;
      problem = { id, message: `${message} (event ${requests.length + 1} of the batch)` };
    }
  });
  return andThen(parsed, () => (problem === undefined ? ok(requests) : { ok: false, error: problem }));
}

/** The HTTP status of a problem. */
export function statusOf(problem: Problem): number {
  return errorCatalogue[problem.id].status;
}

function parseElement(app: App, element: unknown): Parsed<PublishRequest> {
  if (typeof element !== "object" || element === null || Array.isArray(element)) {
    return fail("invalidParameter", `Invalid batch: expected an object for each event, got ${quote(element)}`);
  }
  const fields: PublishFields = element;
  if (fields.channel === undefined) return fail("missingParameter", "Missing required parameter: channel");
  const channel = parseChannelName(fields.channel, app.maxChannelNameLength);
  return channel.ok ? parseEvent(app, fields, [channel.value]) : channel;
}

function parseChannels(app: App, fields: PublishFields): Parsed<readonly ChannelName[]> {
  const named = fields.channels ?? (fields.channel === undefined ? undefined : [fields.channel]);
  if (named === undefined) return fail("missingParameter", "Missing required parameter: channel");
  if (!Array.isArray(named)) {
    return fail("invalidParameter", `Invalid channels: expected an array of names, got ${quote(named)}`);
  }
  if (named.length === 0) return fail("missingParameter", "Missing required parameter: channel");
  const names = new Set<unknown>(named);
  if (names.size > limits.channelsPerPublish) {
    return fail("tooManyChannels", `Too many channels (${names.size} > ${limits.channelsPerPublish})`);
  }
  const channels = new Set<ChannelName>();
  for (const name of names) {
    const channel = parseChannelName(name, app.maxChannelNameLength);
    if (!channel.ok) return channel;
    channels.add(channel.value);
  }
  return ok([...channels]);
}

function parseEvent(app: App, fields: PublishFields, channels: readonly ChannelName[]): Parsed<PublishRequest> {
  if (fields.name === undefined) return fail("missingParameter", "Missing required parameter: name");
  const event = parseEventName(fields.name);
  if (!event.ok) return event;
  if (isReservedEvent(event.value)) {
    return fail(
      "reservedEventName",
      `Invalid event name ${quote(event.value)}: pusher: and pusher_internal: are reserved`,
    );
  }
  const { data } = fields;
  if (data === undefined) return fail("missingParameter", "Missing required parameter: data");
  if (typeof data !== "string") {
    return fail("invalidParameter", `Invalid data: expected a string, got ${quote(data)}; encode other values as JSON`);
  }
  const tooLarge = dataProblem(app, data);
  if (tooLarge !== undefined) return tooLarge;
  for (const encryption of new Set(channels.map((channel) => traitsOf(channel).encryption))) {
    const problem = shapeProblem(app, encryption, event.value, data);
    if (problem !== undefined) return { ok: false, error: problem };
  }
  let except: SocketId | undefined;
  if (fields.socket_id !== undefined && fields.socket_id !== null) {
    const socketId = parseSocketId(fields.socket_id);
    if (!socketId.ok) return socketId;
    except = socketId.value;
  }
  const info = parseInfo(fields.info, ["user_count", "subscription_count", "position"]);
  if (!info.ok) return info;
  const id = parseIdempotencyKey(fields.idempotency_key);
  if (!id.ok) return id;
  return ok({ event: event.value, data, channels, except, info: info.value, id: id.value });
}

function parseIdempotencyKey(value: unknown): Parsed<string | undefined> {
  if (value === undefined || value === null) return ok(undefined);
  if (typeof value === "string" && /^[\x21-\x7e]{1,100}$/.test(value)) return ok(value);
  return fail(
    "invalidParameter",
    `Invalid idempotency_key: expected 1 to 100 ASCII characters without spaces, got ${quote(value)}`,
  );
}
