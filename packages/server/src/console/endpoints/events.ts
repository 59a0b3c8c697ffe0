import type { App } from "../../core/app.ts";
import { andThen } from "../../core/awaitable.ts";
import type { EventSender } from "../../http-api/event-sender.ts";
import type { HttpRequest } from "../../ports/transport.ts";
import type { Change } from "../change.ts";
import { consoleError, consoleJson } from "../console-reply.ts";
import { readJson, textField } from "../read-json.ts";

/** Answers `POST /console/api/apps/{id}/events`, with `{"channel", "event", "data"}`. */
export function sendEventOf(app: App, request: HttpRequest, send: EventSender): Change {
  const fields = readJson(request.body);
  const [channel, event, data] = ["channel", "event", "data"].map((name) => textField(fields, name));
  if (channel === undefined || event === undefined || data === undefined) {
    const reply = consoleError(400, "Expected an object with channel, event and data, all of them text");
    return { subject: channel ?? "", reply };
  }
  const body = new TextEncoder().encode(JSON.stringify({ name: event, channel, data }));
  const reply = andThen(send(app, request, body), ({ status, body: text }) =>
    status === 200 ? consoleJson({}) : consoleError(status, String(text).trim()),
  );
  return { subject: channel, reply };
}
