import { parseChannelName, parseUserId, type AppId } from "@sealcast/protocol";
import { z } from "zod";
import { engineUnavailable } from "../core/engine-unavailable.ts";
import { parameter } from "../core/query.ts";
import { refusal } from "../http-api/reply.ts";
import type { AdminAnswer, AdminCall, AdminRoute } from "./admin-route.ts";

const channelRow = z.object({ name: z.string(), subscriptions: z.int(), users: z.int() });
const unavailable: AdminAnswer = { refusal: refusal(engineUnavailable) };

/** Apps, their channels and their users. */
export const appRoutes: readonly AdminRoute[] = [
  {
    method: "GET",
    path: "/admin/apps",
    summary: "Lists the apps, without secrets",
    query: {},
    answer: z.object({
      apps: z.array(
        z.object({ id: z.string(), enabled: z.boolean(), keys: z.array(z.string()), webhooks: z.array(z.string()) }),
      ),
    }),
    run: async ({ apps }) => ({
      value: {
        apps: apps.all().map(({ id, enabled, credentials, webhooks }) => ({
          id,
          enabled,
          keys: credentials.map(({ key }) => key),
          webhooks: webhooks.map(({ url }) => url),
        })),
      },
    }),
  },
  {
    method: "GET",
    path: "/admin/apps/{app}/channels",
    summary: "Lists the occupied channels of an app",
    query: { prefix: "Only channels whose names begin with this text" },
    answer: z.object({ channels: z.array(channelRow) }),
    async run({ app, engine, query }) {
      const channels: z.infer<typeof channelRow>[] = [];
      for await (const page of engine.channels(idOf(app), parameter(query, "prefix") ?? "")) {
        if (page === "unavailable") return unavailable;
        channels.push(...page.map(({ channel: name, subscriptions, users }) => ({ name, subscriptions, users })));
      }
      return { value: { channels } };
    },
  },
  {
    method: "GET",
    path: "/admin/apps/{app}/channels/{channel}",
    summary: "Shows one channel, with the users of a presence channel",
    query: {},
    answer: channelRow.extend({ members: z.array(z.string()) }),
    async run({ app, subject, engine }) {
      const name = parseChannelName(subject);
      if (!name.ok) return { refusal: refusal(name.error) };
      const channel = await engine.channel(idOf(app), name.value);
      const members = await engine.members(idOf(app), name.value);
      if (channel === "unavailable" || members === "unavailable") return unavailable;
      const { subscriptions, users } = channel;
      return { value: { name: name.value, subscriptions, users, members } };
    },
  },
  {
    method: "POST",
    path: "/admin/apps/{app}/users/{user}/terminate",
    summary: "Closes every connection of a signed-in user",
    query: {},
    answer: z.object({}),
    async run({ app, subject, engine }) {
      const user = parseUserId(subject);
      if (!user.ok) return { refusal: refusal(user.error) };
      const told = await engine.tell({ kind: "terminate-user", app: idOf(app), userId: user.value });
      return told === "unavailable" ? unavailable : { value: {} };
    },
  },
];

/** The id of the app in the path; the guard has found the app. */
function idOf(app: AdminCall["app"]): AppId {
  if (app === undefined) throw new TypeError("This route has no app");
  return app.id;
}
