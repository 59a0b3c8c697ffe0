import { parseChannelName, parseUserId } from "@sealcast/protocol";
import { z } from "zod";
import { engineUnavailable } from "../core/errors/engine-unavailable.ts";
import { parameter } from "../core/urls/query.ts";
import { refusal } from "../http-api/reply.ts";
import { idOf } from "./admin-answers.ts";
import type { AdminAnswer, AdminRoute } from "./admin-route.ts";

const channelRow = z.object({ name: z.string(), subscriptions: z.int(), users: z.int() });
const unavailable: AdminAnswer = { refusal: refusal(engineUnavailable) };

/** Channels of an app and their users. */
export const channelRoutes: readonly AdminRoute[] = [
  {
    method: "GET",
    path: "/admin/apps/{app}/channels",
    summary: "Lists the occupied channels of an app",
    query: { prefix: "Only channels whose names begin with this text" },
    answer: z.object({ channels: z.array(channelRow) }),
    async run(call) {
      const { engine, query } = call;
      const channels: z.infer<typeof channelRow>[] = [];
      for await (const page of engine.channels(idOf(call), parameter(query, "prefix") ?? "")) {
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
    async run(call) {
      const { engine } = call;
      const name = parseChannelName(call.subject);
      if (!name.ok) return { refusal: refusal(name.error) };
      const channel = await engine.channel(idOf(call), name.value);
      const members = await engine.members(idOf(call), name.value);
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
    async run(call) {
      const user = parseUserId(call.subject);
      if (!user.ok) return { refusal: refusal(user.error) };
      const sent = await call.engine.send({ kind: "terminate-user", app: idOf(call), userId: user.value });
      return sent === "unavailable" ? unavailable : { value: {} };
    },
  },
];
