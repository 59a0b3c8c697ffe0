import { z } from "zod";
import { databaseUnavailable, idOf, refuse } from "./admin-answers.ts";
import type { AdminRoute } from "./admin-route.ts";

/** What an app used. */
export const usageRoutes: readonly AdminRoute[] = [
  {
    method: "GET",
    path: "/admin/apps/{app}/usage",
    summary: "Lists the messages and the most connections of an app on each of the last 31 days, newest first",
    query: {},
    answer: z.object({
      days: z.array(z.object({ day: z.string(), messages: z.int(), peakConnections: z.int() })),
    }),
    async run(call) {
      const isMetered = call.editable !== undefined || (call.app?.messagesPerDay ?? 0) > 0;
      if (call.usage === undefined || !isMetered) {
        return refuse("notFound", "Usage of an app in the configuration is counted if it has messagesPerDay");
      }
      const days = await call.usage.days(idOf(call));
      if (days === "unavailable") return databaseUnavailable;
      return {
        value: { days: days.map(({ day, messages, peakConnections }) => ({ day, messages, peakConnections })) },
      };
    },
  },
];
