import { channelEventEncoder, encodedEventEncoder, type ChannelName } from "@sealcast/protocol";
import type { App } from "../core/apps/app.ts";
import { andThen, type Awaitable } from "../core/awaitable.ts";
import { engineUnavailable } from "../core/errors/engine-unavailable.ts";
import type { InfoAttribute } from "../core/channels/info.ts";
import { keepOf } from "../core/publishing/keep.ts";
import type { PublishRequest } from "../core/publishing/publish.ts";
import type { Position, Publication } from "../ports/broker.ts";
import type { Engine } from "../ports/engine.ts";
import type { HttpReply } from "../ports/transport.ts";
import { countsOf } from "./channel-counts.ts";
import { encodeLongText } from "./encode-long-text.ts";
import type { AppCall } from "./endpoint.ts";
import { emptyJson, refusal } from "./reply.ts";

/** Length of data from which events are encoded in several turns of the event loop, in UTF-16 units. */
const largeLength = 256 * 1_024;

/** Positions of kept events, in the order of the publications. */
type Positions = readonly (Position | undefined)[];

/** Publishes checked events. `withInfo` makes the reply if the publisher asks for attributes of the channels. */
export function publish(
  call: AppCall,
  requests: readonly PublishRequest[],
  withInfo: ((positions: Positions) => Promise<HttpReply>) | undefined,
): Awaitable<HttpReply> {
  const overQuota = call.quotaProblem();
  if (overQuota !== undefined) return overQuota;
  return andThen(encodeAll(call, requests), (publications) => publishEncoded(call, requests, publications, withInfo));
}

/** Publishes encoded events, and replies. */
function publishEncoded(
  call: AppCall,
  requests: readonly PublishRequest[],
  publications: readonly Publication[],
  withInfo: ((positions: Positions) => Promise<HttpReply>) | undefined,
): Awaitable<HttpReply> {
  return andThen(published(call, publications, requests.length), (result) => {
    if (result === "unavailable") return refusal(engineUnavailable);
    if (result === "too-many") {
      const message = `Too many events: the app may publish ${call.publishesPerSecond} per second`;
      return refusal({ id: "rateLimited", message });
    }
    observePublished(call, requests);
    return withInfo !== undefined && requests.some(({ info }) => info.length > 0) ? withInfo(result) : emptyJson;
  });
}

/** @param events number of events, each of which may be published on several channels. */
function published(
  { app, engine, publishesPerSecond: perSecond }: AppCall,
  publications: readonly Publication[],
  events: number,
): ReturnType<Engine["publishWithin"]> {
  return perSecond === 0
    ? engine.publish(app.id, publications)
    : engine.publishWithin(app.id, publications, { events, perSecond });
}

function observePublished({ app, observer }: AppCall, requests: readonly PublishRequest[]): void {
  if (!observer.wants("published")) return;
  for (const { event, channels, data } of requests) {
    observer.observe({ kind: "published", app: app.id, event, channels, data });
  }
}

/** Encodes all events, large ones in several turns of the event loop. */
function encodeAll(call: AppCall, requests: readonly PublishRequest[]): Awaitable<readonly Publication[]> {
  const length = requests.reduce((sum, { data }) => sum + data.length, 0);
  if (length >= largeLength) return encodeInTurns(call, requests);
  return requests.flatMap((request) =>
    publicationsOf(call.app, request, channelEventEncoder(request.event, request.data)),
  );
}

async function encodeInTurns(call: AppCall, requests: readonly PublishRequest[]): Promise<readonly Publication[]> {
  const publications: Publication[] = [];
  for (const request of requests) {
    const data = await encodeLongText(request.data, call.turns);
    publications.push(...publicationsOf(call.app, request, encodedEventEncoder(request.event, data)));
  }
  return publications;
}

function publicationsOf(
  app: App,
  { channels, except, id }: PublishRequest,
  encode: (channel: string) => string,
): Publication[] {
  return channels.map((channel) => ({
    channel,
    message: encode(channel),
    except,
    keep: keepOf(app, channel, "api"),
    id,
  }));
}

/** The attributes that apply to the channel. None if the engine is unavailable: the event itself was published. */
export async function channelInfo(
  { app, engine }: AppCall,
  channel: ChannelName | undefined,
  info: readonly InfoAttribute[],
  position: Position | undefined,
): Promise<Readonly<Record<string, number | Position>>> {
  const positions = info.includes("position") && position !== undefined ? { position } : {};
  if (channel === undefined || info.every((attribute) => attribute === "position")) return positions;
  const summary = await engine.channel(app.id, channel);
  return summary === "unavailable" ? positions : { ...countsOf(app, summary, info), ...positions };
}
