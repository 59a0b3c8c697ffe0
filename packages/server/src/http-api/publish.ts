import { encodeChannelEvent, traitsOf, type ChannelName } from "@sealcast/protocol";
import type { App } from "../core/app.ts";
import { engineUnavailable } from "../core/engine-unavailable.ts";
import type { InfoAttribute } from "../core/info.ts";
import { keepOf } from "../core/keep.ts";
import { parseBatch, parsePublish, type PublishRequest } from "../core/publish.ts";
import { parameter } from "../core/query.ts";
import type { Publication } from "../ports/broker.ts";
import type { ChannelSummary } from "../ports/occupancy.ts";
import type { HttpReply } from "../ports/transport.ts";
import { andThen, type Awaitable } from "../core/awaitable.ts";
import { bodyText, postParameters } from "./body.ts";
import type { ApiCall, Endpoint } from "./endpoint.ts";
import { done, json, refusal } from "./reply.ts";

/** `POST /apps/{id}/events`: one event to 1–100 channels. */
export const publishEvent: Endpoint = (call) => {
  const fields = postParameters(call.request.body, call.query);
  if (!fields.ok) return refusal(fields.error);
  const request = parsePublish(call.app, fields.value);
  if (!request.ok) return refusal(request.error);
  return publish(call, [request.value], async () => {
    const { channels, info } = request.value;
    const counts = await Promise.all(channels.map((channel) => channelInfo(call, channel, info)));
    return json({ channels: Object.fromEntries(channels.map((channel, index) => [channel, counts[index]])) });
  });
};

/** `POST /apps/{id}/batch_events`: 1–10 events, each to one channel; all or none. */
export const publishBatch: Endpoint = (call) => {
  const fields = postParameters(call.request.body, call.query);
  if (!fields.ok) return refusal(fields.error);
  const batch = parseBatch(call.app, fields.value["batch"]);
  if (!batch.ok) return refusal(batch.error);
  return publish(call, batch.value, async () => {
    const infos = batch.value.map(({ channels, info }) => channelInfo(call, channels[0], info));
    return json({ batch: await Promise.all(infos) });
  });
};

/** `POST /apps/{id}/channels/{name}/events`, deprecated: the body is the data, the rest stands in the query. */
export const publishToChannel: Endpoint = (call) => {
  const body = bodyText(call.request.body);
  if (!body.ok) return refusal(body.error);
  const request = parsePublish(call.app, {
    name: parameter(call.query, "name"),
    socket_id: parameter(call.query, "socket_id"),
    channel: call.subject,
    data: body.value,
  });
  if (!request.ok) return refusal(request.error);
  return andThen(publish(call, [request.value], undefined), (reply) =>
    reply === done ? { ...done, status: 202 } : reply,
  );
};

/** Publishes checked events; `withInfo` makes the reply where a publisher asked for attributes. */
function publish(
  call: ApiCall,
  requests: readonly PublishRequest[],
  withInfo: (() => Promise<HttpReply>) | undefined,
): Awaitable<HttpReply> {
  if (!call.takePublishes(requests.length)) {
    return refusal({
      id: "rateLimited",
      message: `Too many events: the app may publish ${call.app.publishesPerSecond} per second`,
    });
  }
  const publications = requests.flatMap((request) => publicationsOf(call.app, request));
  return andThen(call.engine.publish(call.app.id, publications), (result) => {
    if (result === "unavailable") return refusal(engineUnavailable);
    observePublished(call, requests);
    return withInfo !== undefined && requests.some(({ info }) => info.length > 0) ? withInfo() : done;
  });
}

function observePublished({ app, observer }: ApiCall, requests: readonly PublishRequest[]): void {
  if (!observer.wants("published")) return;
  for (const { event, channels, data } of requests) {
    observer.observe({ kind: "published", app: app.id, event, channels, data });
  }
}

function publicationsOf(app: App, { event, data, channels, except }: PublishRequest): Publication[] {
  return channels.map((channel) => {
    const message = encodeChannelEvent(event, channel, data);
    return { channel, message, except, keep: keepOf(app, traitsOf(channel)) };
  });
}

/** The attributes that apply to the channel. None if the engine is unavailable: the event itself was published. */
async function channelInfo(
  { app, engine }: ApiCall,
  channel: ChannelName | undefined,
  info: readonly InfoAttribute[],
): Promise<Readonly<Record<string, number>>> {
  if (channel === undefined || info.length === 0) return {};
  const summary = await engine.channel(app.id, channel);
  return summary === "unavailable" ? {} : countsOf(app, summary, info);
}

/** Counts of a channel, as far as they were asked for and apply to its kind. */
export function countsOf(
  app: App,
  { channel, users, subscriptions }: ChannelSummary,
  info: readonly InfoAttribute[],
): Readonly<Record<string, number>> {
  const traits = traitsOf(channel);
  return {
    ...(info.includes("user_count") && traits.members ? { user_count: users } : undefined),
    ...(info.includes("subscription_count") && traits.subscriptionCount && app.subscriptionCount
      ? { subscription_count: subscriptions }
      : undefined),
  };
}
