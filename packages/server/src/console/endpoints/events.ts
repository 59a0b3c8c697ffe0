import type { App } from "../../core/apps/app.ts";
import type { EventSender } from "../../http-api/event-sender.ts";
import { andThen, type Awaitable } from "../../core/awaitable.ts";
import type { HttpReply, HttpRequest } from "../../ports/transport.ts";
import { consoleError, consoleJson } from "../console-reply.ts";
import { readJson, textField } from "../read-json.ts";

/** Answers `POST /console/api/apps/{id}/events`, with `{"channel", "event", "data"}`. */
export function sendEventOf(app: App, request: HttpRequest, send: EventSender): Awaitable<HttpReply> {
  const fields = readJson(request.body);
  const [channel, event, data] = ["channel", "event", "data"].map((name) => textField(fields, name));
  if (channel === undefined || event === undefined || data === undefined) {
    return consoleError(400, "Expected an object with channel, event and data, all of them text");
  }
  const body = new TextEncoder().encode(JSON.stringify({ name: event, channel, data }));
  return andThen(send(app, request, body), ({ status, body: text }) =>
    status === 200 ? consoleJson({}) : consoleError(status, String(text).trim()),
  );
}

/** What the audit says of such a request: its channel. */
export function channelToSendTo({ body }: HttpRequest): string {
  return textField(readJson(body), "channel") ?? "";
}
