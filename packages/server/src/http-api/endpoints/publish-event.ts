import { andThen } from "../../core/awaitable.ts";
import { parsePublish } from "../../core/publishing/publish.ts";
import { parametersOfCall } from "../body.ts";
import type { AppEndpoint } from "../endpoint.ts";
import { channelInfo, publish } from "../publish.ts";
import { json, refusal } from "../reply.ts";

/** `POST /apps/{id}/events`: one event to 1–100 channels. */
export const publishEvent: AppEndpoint = (call) =>
  andThen(parametersOfCall(call), (fields) => {
    if (!fields.ok) return refusal(fields.error);
    const request = parsePublish(call.app, fields.value);
    if (!request.ok) return refusal(request.error);
    return publish(call, [request.value], async (positions) => {
      const { channels, info } = request.value;
      const counts = await Promise.all(
        channels.map((channel, index) => channelInfo(call, channel, info, positions[index])),
      );
      return json({ channels: Object.fromEntries(channels.map((channel, index) => [channel, counts[index]])) });
    });
  });
