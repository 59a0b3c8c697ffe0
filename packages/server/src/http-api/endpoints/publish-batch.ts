import { andThen } from "../../core/awaitable.ts";
import { parseBatch } from "../../core/publish.ts";
import { parametersOfCall } from "../body.ts";
import type { AppEndpoint } from "../endpoint.ts";
import { channelInfo, publish } from "../publish.ts";
import { json, refusal } from "../reply.ts";

/** `POST /apps/{id}/batch_events`: 1–10 events, each to one channel; all or none. */
export const publishBatch: AppEndpoint = (call) =>
  andThen(parametersOfCall(call), (fields) => {
    if (!fields.ok) return refusal(fields.error);
    const batch = parseBatch(call.app, fields.value["batch"]);
    if (!batch.ok) return refusal(batch.error);
    return publish(call, batch.value, async (positions) => {
      const infos = batch.value.map(({ channels, info }, index) =>
        channelInfo(call, channels[0], info, positions[index]),
      );
      return json({ batch: await Promise.all(infos) });
    });
  });
