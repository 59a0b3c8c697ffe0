import { andThen, type Awaitable } from "../../core/awaitable.ts";
import { parsePublish } from "../../core/publishing/publish.ts";
import { parameter } from "../../core/urls/query.ts";
import { bodyTextOfCall } from "../body-text.ts";
import type { HttpReply } from "../../ports/transport.ts";
import type { AppCall, AppEndpoint } from "../endpoint.ts";
import { publish } from "../publish.ts";
import { emptyJson, refusal } from "../reply.ts";

/** `POST /apps/{id}/channels/{name}/events`, deprecated: the body is the data, the rest is in the query. */
export const publishToChannel: AppEndpoint = (call) =>
  andThen(bodyTextOfCall(call), (body) => (body.ok ? publishText(call, body.value) : refusal(body.error)));

function publishText(call: AppCall, data: string): Awaitable<HttpReply> {
  const request = parsePublish(call.app, {
    name: parameter(call.query, "name"),
    socket_id: parameter(call.query, "socket_id"),
    channel: call.subject,
    data,
  });
  if (!request.ok) return refusal(request.error);
  return andThen(publish(call, [request.value], undefined), (reply) =>
    reply === emptyJson ? { ...emptyJson, status: 202 } : reply,
  );
}
