import { andThen, type Awaitable } from "../../core/awaitable.ts";
import { parseBatch, type PublishRequest } from "../../core/publishing/publish.ts";
import type { HttpReply } from "../../ports/transport.ts";
import { parametersOfCall } from "../body.ts";
import type { AppCall, AppEndpoint } from "../endpoint.ts";
import { channelInfo, publish } from "../publish.ts";
import { json, refusal } from "../reply.ts";

/** `POST /apps/{id}/batch_events`: 1–10 events, each to one channel; all or none. */
export const publishBatch: AppEndpoint = (call) =>
  andThen(parametersOfCall(call), (fields) => {
    if (!fields.ok) return refusal(fields.error);
    return andThen(parseBatch(call.app, fields.value["batch"], call.turns), (batch) =>
      batch.ok ? publishAll(call, batch.value) : refusal(batch.error),
    );
  });

function publishAll(call: AppCall, requests: readonly PublishRequest[]): Awaitable<HttpReply> {
  return publish(call, requests, async (positions) => {
    const infos = requests.map(({ channels, info }, index) => channelInfo(call, channels[0], info, positions[index]));
    return json({ batch: await Promise.all(infos) });
  });
}
