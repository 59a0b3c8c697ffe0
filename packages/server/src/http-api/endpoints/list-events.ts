import { parseChannelName, parseServerFrame } from "@sealcast/protocol";
import { engineUnavailable } from "../../core/errors/engine-unavailable.ts";
import { parameter } from "../../core/urls/query.ts";
import type { KeptEvent, Position } from "../../ports/broker.ts";
import type { AppEndpoint } from "../endpoint.ts";
import { invalidParameter, json, refusal } from "../reply.ts";

/** Most events of one reply, and how many there are if the request does not say. */
const maxEvents = 1_000;
const defaultEvents = 100;
/** Length of the events of one reply, in UTF-16 units: encoding more would keep others waiting. */
const maxLength = 1_048_576;

/** `GET /apps/{id}/channels/{name}/events`: events that the channel keeps, oldest first. */
export const listEvents: AppEndpoint = async ({ app, engine, subject, query }) => {
  const channel = parseChannelName(subject, app.maxChannelNameLength);
  if (!channel.ok) return refusal(channel.error);
  const limit = parameter(query, "limit") ?? String(defaultEvents);
  if (!/^\d{1,4}$/.test(limit) || Number(limit) < 1 || Number(limit) > maxEvents) {
    return invalidParameter(`Invalid limit: expected a whole number from 1 to ${maxEvents}`);
  }
  const given = parameter(query, "after");
  const after = given === undefined ? undefined : positionOf(given);
  if (given !== undefined && after === undefined) return invalidParameter("Invalid after: expected epoch:offset");
  const history = await engine.history(app.id, channel.value, { after, limit: Number(limit) });
  if (history === "unavailable") return refusal(engineUnavailable);
  const { events, last, gap } = history;
  // Without `after`, returns the last events.
  const fitting = after === undefined ? firstFitting(events.toReversed()).toReversed() : firstFitting(events);
  return json({ ...last, events: fitting.map(eventOf), ...(gap ? { truncated: true } : undefined) });
};

/** The first events that fit into a reply, at least one: the client gets the others with `after`. */
function firstFitting(events: readonly KeptEvent[]): readonly KeptEvent[] {
  let length = 0;
  const end = events.findIndex(({ message }) => {
    length += message.length;
    return length > maxLength && length > message.length;
  });
  return end === -1 ? events : events.slice(0, end);
}

function positionOf(text: string): Position | undefined {
  const match = /^([^:]{1,100}):(\d{1,15})$/.exec(text);
  return match === null ? undefined : { epoch: match[1] ?? "", offset: Number(match[2]) };
}

function eventOf({ message, position, publishedMs }: KeptEvent): object {
  const frame = parseServerFrame(message);
  if (!frame.ok) return { offset: position.offset };
  const { event, data, userId } = frame.value;
  return {
    name: event,
    data,
    offset: position.offset,
    time_ms: publishedMs,
    ...(userId === undefined ? undefined : { user_id: userId }),
  };
}
