import { ownProperties } from "@sealcast/protocol";
import { countsOf, type ChannelCounts, type CountName } from "./channel-query.ts";
import { positionOf, type Position } from "./history.ts";
import { checkInfo } from "./arguments.ts";
import { checkIdempotencyKey, checkSocketId } from "./names.ts";
import { checkOptionNames } from "./option-names.ts";

/** Options of one publish. */
export interface TriggerOptions {
  /** The connection that caused the event; it does not get it. */
  readonly socketId?: string;
  /** What to return for each channel: counts, or the position of the event. */
  readonly info?: readonly (CountName | "position")[];
  /**
   * Makes the publish safe to repeat, in this call and in later ones: within two minutes, the server publishes one event with
   * this key on each channel. 1 to 80 ASCII characters without spaces; an id of the order, for example. Only with a Sealcast
   * server.
   */
  readonly idempotencyKey?: string;
}

/** One event of a batch. */
export interface TriggerEvent extends TriggerOptions {
  readonly channel: string;
  readonly name: string;
  readonly data: unknown;
}

/** What `info` asked for. Fields that were not asked for, or do not apply to this kind of channel, are undefined. */
export interface PublishedInfo extends ChannelCounts {
  /** Position of the event, if the channel keeps events. */
  readonly position: Position | undefined;
}

/** The names of all options of a publish. */
export const triggerOptionNames = [
  "socketId",
  "info",
  "idempotencyKey",
] as const satisfies readonly (keyof TriggerOptions)[];

/** Their names in the HTTP API and in the official library. */
export const renamedTriggerOptions = { socket_id: "socketId", idempotency_key: "idempotencyKey" };

/** Checks names and values of the options of a publish. */
export function checkTriggerOptions(options: TriggerOptions): void {
  checkOptionNames("trigger", options, triggerOptionNames, renamedTriggerOptions);
  const { socketId, info, idempotencyKey } = options;
  if (socketId !== undefined) checkSocketId(socketId);
  if (info !== undefined) checkInfo(info, ["user_count", "subscription_count", "position"]);
  if (idempotencyKey !== undefined) checkIdempotencyKey(idempotencyKey);
}

/** Returns checked options as fields of the HTTP API. */
export function paramsOf({ socketId, info, idempotencyKey }: TriggerOptions): Record<string, string> {
  return {
    ...(socketId === undefined ? {} : { socket_id: socketId }),
    ...(info === undefined || info.length === 0 ? {} : { info: info.join(",") }),
    ...(idempotencyKey === undefined ? {} : { idempotency_key: idempotencyKey }),
  };
}

/** Reads what `info` asked for from the fields of an answer. */
export function publishedInfoOf(fields: ReadonlyMap<string, unknown>): PublishedInfo {
  return { ...countsOf(fields), position: positionOf(ownProperties(fields.get("position"))) };
}
