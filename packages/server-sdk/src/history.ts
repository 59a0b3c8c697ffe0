import { ownProperties } from "@sealcast/protocol";
import type { Api } from "./api.ts";
import { checkObject, invalid } from "./arguments.ts";
import { checkChannelName } from "./names.ts";
import { checkOptionNames } from "./option-names.ts";
import { openEvent, type EventReader, type OpenedEvent } from "./open-event.ts";
import { SealcastError } from "./sealcast-error.ts";

/** Place of an event among the kept events of its channel. */
export interface Position {
  /** Names one unbroken run of offsets: positions of different epochs cannot be compared. */
  readonly epoch: string;
  /** 1 for the first event of the epoch, then one more for each; 0 before the first. */
  readonly offset: number;
}

/** Which kept events of a channel to return. */
export interface HistoryQuery {
  /** Only events after this position, the oldest first; without it, the most recent ones. */
  readonly after?: Position | undefined;
  /** Most events, 1 to 1,000. Default 100. */
  readonly limit?: number | undefined;
}

/** A kept event. */
export interface HistoryEvent extends OpenedEvent {
  readonly position: Position;
  /** When it was published. */
  readonly time: Date;
  /** Client events of presence channels: id of the sender. */
  readonly userId: string | undefined;
}

/** Kept events of a channel, oldest first. */
export interface ChannelHistory {
  readonly events: readonly HistoryEvent[];
  /** Position of the channel's last event, which need not be among `events`; undefined: the channel has no position. */
  readonly position: Position | undefined;
  /** Whether an event after `after` is no longer kept. */
  readonly truncated: boolean;
}

/** Returns the events that a channel keeps. Those of encrypted channels are decrypted if the ring has their key. */
export async function queryHistory(
  api: Api,
  reader: EventReader,
  channel: string,
  query: HistoryQuery,
): Promise<ChannelHistory> {
  checkChannelName(channel);
  checkQuery(query);
  const { after, limit } = query;
  const params = {
    ...(after === undefined ? {} : { after: `${after.epoch}:${after.offset}` }),
    ...(limit === undefined ? {} : { limit: String(limit) }),
  };
  const resource = `/channels/${channel}/events`;
  const answer = ownProperties(await api.sendForJson({ method: "GET", resource, params, idempotent: true }));
  const events = answer?.get("events");
  if (answer === undefined || !Array.isArray(events)) {
    throw new SealcastError("unexpected-answer", "The server's answer has no usable `events`");
  }
  const position = positionOf(answer);
  return {
    events: events.map((event) => eventOf(reader, channel, position?.epoch ?? "", event)),
    position,
    truncated: answer.get("truncated") === true,
  };
}

function checkQuery(query: HistoryQuery): void {
  checkOptionNames("history", query, ["after", "limit"]);
  const { after, limit } = query;
  if (after !== undefined) {
    checkObject("after", "a position", after);
    const { epoch, offset } = after;
    if (typeof epoch !== "string" || !Number.isSafeInteger(offset) || offset < 0) {
      throw invalid("Invalid after: expected a position with an epoch and an offset");
    }
  }
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1 && limit <= 1_000)) {
    throw invalid("Invalid limit: expected a whole number from 1 to 1000");
  }
}

/** Reads a position from the fields of an answer; undefined if it has none. */
export function positionOf(fields: ReadonlyMap<string, unknown> | undefined): Position | undefined {
  const [epoch, offset] = [fields?.get("epoch"), fields?.get("offset")];
  return typeof epoch === "string" && typeof offset === "number" ? { epoch, offset } : undefined;
}

function eventOf(reader: EventReader, channel: string, epoch: string, value: unknown): HistoryEvent {
  const fields = ownProperties(value);
  const [name, data, userId] = [fields?.get("name"), fields?.get("data"), fields?.get("user_id")];
  if (typeof name !== "string" || typeof data !== "string") {
    throw new SealcastError("unexpected-answer", "The server's answer has an event without name or data");
  }
  return {
    ...openEvent(reader, channel, { name, data }),
    position: { epoch, offset: Number(fields?.get("offset")) },
    time: new Date(Number(fields?.get("time_ms"))),
    userId: typeof userId === "string" ? userId : undefined,
  };
}
