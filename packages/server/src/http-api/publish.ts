import { channelEventEncoder, type ChannelName } from "@sealcast/protocol";
import type { App } from "../core/app.ts";
import { andThen, type Awaitable } from "../core/awaitable.ts";
import { engineUnavailable } from "../core/engine-unavailable.ts";
import type { InfoAttribute } from "../core/info.ts";
import { keepOf } from "../core/keep.ts";
import type { PublishRequest } from "../core/publish.ts";
import type { Publication } from "../ports/broker.ts";
import type { HttpReply } from "../ports/transport.ts";
import { countsOf } from "./channel-counts.ts";
import type { AppCall } from "./endpoint.ts";
import { emptyJson, refusal } from "./reply.ts";

/** Publishes checked events. `withInfo` makes the reply if the publisher asks for attributes of the channels. */
export function publish(
  call: AppCall,
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
    return withInfo !== undefined && requests.some(({ info }) => info.length > 0) ? withInfo() : emptyJson;
  });
}

function observePublished({ app, observer }: AppCall, requests: readonly PublishRequest[]): void {
  if (!observer.wants("published")) return;
  for (const { event, channels, data } of requests) {
    observer.observe({ kind: "published", app: app.id, event, channels, data });
  }
}

function publicationsOf(app: App, { event, data, channels, except }: PublishRequest): Publication[] {
  const encode = channelEventEncoder(event, data);
  return channels.map((channel) => ({
    channel,
    message: encode(channel),
    except,
    keep: keepOf(app, channel, "api"),
  }));
}

/** The attributes that apply to the channel. None if the engine is unavailable: the event itself was published. */
export async function channelInfo(
  { app, engine }: AppCall,
  channel: ChannelName | undefined,
  info: readonly InfoAttribute[],
): Promise<Readonly<Record<string, number>>> {
  if (channel === undefined || info.length === 0) return {};
  const summary = await engine.channel(app.id, channel);
  return summary === "unavailable" ? {} : countsOf(app, summary, info);
}
