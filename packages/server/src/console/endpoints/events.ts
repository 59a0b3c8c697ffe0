import type { App } from "../../core/app.ts";
import { andThen, type Awaitable } from "../../core/awaitable.ts";
import type { EventSender } from "../../http-api/event-sender.ts";
import type { HttpReply, HttpRequest } from "../../ports/transport.ts";
import { consoleError, consoleJson } from "../console-reply.ts";
import { readJson, textField } from "../read-json.ts";

/**
 * Answers `POST /console/api/apps/{id}/events`, with `{"channel", "event", "data"}`.
 *
 * @param sent is called with the channel before the event is published.
 */
export function sendEventOf(
  app: App,
  request: HttpRequest,
  send: EventSender,
  sent: (channel: string) => void,
): Awaitable<HttpReply> {
  const fields = readJson(request.body);
  const [channel, event, data] = ["channel", "event", "data"].map((name) => textField(fields, name));
  if (channel === undefined || event === undefined || data === undefined) {
    return consoleError(400, "Expected an object with channel, event and data, all of them text");
  }
  sent(channel);
  const body = new TextEncoder().encode(JSON.stringify({ name: event, channel, data }));
  return andThen(send(app, request, body), (reply) =>
    reply.status === 200 ? consoleJson({}) : consoleError(reply.status, String(reply.body).trim()),
  );
}
