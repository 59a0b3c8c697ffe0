import { z } from "zod";
import { parameter } from "../core/urls/query.ts";
import { nameAndChannel } from "../core/webhooks/webhook-event-text.ts";
import { targetId } from "../core/webhooks/webhook-target.ts";
import type { WebhookDispatcher } from "../ports/webhook-dispatcher.ts";
import { limitOf, refuse } from "./admin-answers.ts";
import type { AdminAnswer, AdminCall, AdminRoute } from "./admin-route.ts";

const urlParameter = { url: "URL of a webhook of the app" };
const idParameter = { id: "Id of one delivery; without it, all of the URL" };
const limitParameter = { limit: "At most so many, newest first: 1 to 1000. Default: 100" };
const count = (name: string): z.ZodType => z.object({ [name]: z.int() });

/** Webhooks, the attempts at their deliveries, and what was given up. */
export const webhookRoutes: readonly AdminRoute[] = [
  {
    method: "GET",
    path: "/admin/apps/{app}/webhooks",
    summary: "Lists the webhooks of an app, and how much waits in the queue of the whole server",
    query: {},
    answer: z.object({
      webhooks: z.array(z.object({ url: z.string(), events: z.array(z.string()), batch: z.boolean() })),
      queue: z.object({ events: z.int(), bytes: z.int(), deadLetters: z.int() }),
    }),
    async run({ app, dispatcher }) {
      const open = await dispatcher();
      const queue = (await open?.backlog()) ?? { events: 0, bytes: 0, deadLetters: 0 };
      const rows = app?.webhooks ?? [];
      return { value: { webhooks: rows.map(({ url, events, batch }) => ({ url, events, batch })), queue } };
    },
  },
  {
    method: "GET",
    path: "/admin/apps/{app}/webhooks/attempts",
    summary: "Lists the latest attempts at deliveries to a URL",
    query: { ...urlParameter, ...limitParameter },
    answer: z.object({
      attempts: z.array(
        z.object({
          delivery: z.string(),
          atMs: z.int(),
          durationMs: z.int(),
          status: z.int().nullable(),
          error: z.string().nullable(),
          events: z.int(),
        }),
      ),
    }),
    run: (call) =>
      withTarget(call, async (dispatcher, target, limit) => {
        const attempts = await dispatcher.attempts(target, limit);
        return {
          attempts: attempts.map(({ delivery, atMs, durationMs, status, error, events }) => ({
            delivery,
            atMs,
            durationMs,
            events,
            status: status ?? null,
            error: error ?? null,
          })),
        };
      }),
  },
  {
    method: "GET",
    path: "/admin/apps/{app}/webhooks/dead",
    summary: "Lists the deliveries to a URL that were given up, without the data of their events",
    query: { ...urlParameter, ...limitParameter },
    answer: z.object({
      deadLetters: z.array(
        z.object({
          id: z.string(),
          timeMs: z.int(),
          failedMs: z.int(),
          error: z.string(),
          events: z.array(
            z.object({
              name: z.string(),
              channel: z.string(),
            }),
          ),
        }),
      ),
    }),
    run: (call) =>
      withTarget(call, async (dispatcher, target, limit) => {
        const letters = await dispatcher.deadLetters(target, limit);
        return {
          deadLetters: letters.map(({ id, timeMs, failedMs, error, events }) => ({
            id,
            timeMs,
            failedMs,
            error,
            events: events.map(nameAndChannel),
          })),
        };
      }),
  },
  {
    method: "POST",
    path: "/admin/apps/{app}/webhooks/dead/replay",
    summary: "Sends the events of dead letters again, as new deliveries",
    query: { ...urlParameter, ...idParameter },
    answer: count("replayed"),
    run: (call) =>
      withTarget(call, async (dispatcher, target) => ({
        replayed: await dispatcher.replayDead(target, parameter(call.query, "id")),
      })),
  },
  {
    method: "DELETE",
    path: "/admin/apps/{app}/webhooks/dead",
    summary: "Removes dead letters",
    query: { ...urlParameter, ...idParameter },
    answer: count("removed"),
    run: (call) =>
      withTarget(call, async (dispatcher, target) => ({
        removed: await dispatcher.clearDead(target, parameter(call.query, "id")),
      })),
  },
];

/** Runs work on the webhook that `url` names. */
async function withTarget(
  call: AdminCall,
  work: (dispatcher: WebhookDispatcher, target: string, limit: number) => Promise<unknown>,
): Promise<AdminAnswer> {
  const { app, query } = call;
  const url = parameter(query, "url");
  if (url === undefined) return refuse("invalidParameter", "Missing parameter url: expected the URL of a webhook");
  const limit = limitOf(call);
  if (limit === undefined)
    return refuse("invalidParameter", "Invalid parameter limit: expected a number from 1 to 1000");
  const dispatcher = await call.dispatcher();
  if (app === undefined || dispatcher === undefined || !app.webhooks.some((webhook) => webhook.url === url)) {
    return refuse("notFound", "The app has no webhook with this url");
  }
  return { value: await work(dispatcher, targetId(app.id, url), limit) };
}
