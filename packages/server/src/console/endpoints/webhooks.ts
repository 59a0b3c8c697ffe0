import type { App } from "../../core/apps/app.ts";
import type { OperatorIdentity } from "../../core/operators/operator-account.ts";
import { nameAndChannel } from "../../core/webhooks/webhook-event-text.ts";
import { targetId } from "../../core/webhooks/webhook-target.ts";
import type { HttpReply, HttpRequest } from "../../ports/transport.ts";
import type { WebhookDispatcher } from "../../ports/webhook-dispatcher.ts";
import type { AttemptRow, DeadLetterCount, DeadLetterRow, WebhookList } from "../contract.ts";
import { consoleError, consoleJson } from "../console-reply.ts";
import { readJson, textField } from "../read-json.ts";

/** Attempts and dead letters that are listed for each URL. */
const maxRows = 20;

/** Finds what sends webhooks; undefined while no app has one. */
export type FindDispatcher = () => Promise<WebhookDispatcher | undefined>;

/** Answers `GET /console/api/apps/{id}/webhooks`. */
export async function listWebhooksOf(app: App, operator: OperatorIdentity, find: FindDispatcher): Promise<HttpReply> {
  const dispatcher = await find();
  const rows = app.webhooks.map(async (webhook) => {
    const { url } = webhook;
    const target = targetId(app.id, url);
    const [attempts = [], letters = []] = await Promise.all([
      dispatcher?.attempts(target, maxRows),
      dispatcher?.deadLetters(target, maxRows),
    ]);
    const attemptRows = attempts.map(({ delivery, atMs, durationMs, events: count, status, error }): AttemptRow => {
      return { delivery, timeMs: atMs, durationMs, events: count, status, error };
    });
    const deadLetters = letters.map(({ id, failedMs, error, events: texts }): DeadLetterRow => {
      return { id, failedMs, error, events: texts.map(nameAndChannel) };
    });
    const headers = operator.role === "admin" ? webhook.headers : withoutValues(webhook.headers);
    return { ...webhook, headers, attempts: attemptRows, deadLetters };
  });
  const list: WebhookList = { rows: await Promise.all(rows), waiting: await dispatcher?.backlog() };
  return consoleJson(list);
}

function withoutValues(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, ""]));
}

/** What an operator can do with dead letters: send them again, or remove them. */
export type DeadLetterAction = "replay" | "clear";

/**
 * Answers `POST /console/api/apps/{id}/webhooks/replay` and `.../clear`, with `{"url", "id"}`: changes one dead letter of a
 * URL, or all if there is no `id`.
 */
export async function changeDeadLetters(
  app: App,
  { body }: HttpRequest,
  find: FindDispatcher,
  action: DeadLetterAction,
): Promise<HttpReply> {
  const fields = readJson(body);
  const [url, id] = [textField(fields, "url"), textField(fields, "id")];
  const dispatcher = await find();
  if (dispatcher === undefined || !app.webhooks.some((webhook) => webhook.url === url)) {
    return consoleError(404, "The app has no webhook with this url");
  }
  const target = targetId(app.id, url ?? "");
  const count = await (action === "replay" ? dispatcher.replayDead(target, id) : dispatcher.clearDead(target, id));
  return consoleJson({ count } satisfies DeadLetterCount);
}

/** What the audit says of such a request. The URL may be secret. */
export function deadLettersToChange({ body }: HttpRequest): string {
  const id = textField(readJson(body), "id");
  return id === undefined ? "all dead letters of a URL" : `dead letter ${id}`;
}
