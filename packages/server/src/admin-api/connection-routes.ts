import type { SocketId } from "@sealcast/protocol";
import { z } from "zod";
import type { ConnectionFacts } from "../ports/connection-directory.ts";
import { idOf, limitOf, refuse } from "./admin-answers.ts";
import type { AdminRoute } from "./admin-route.ts";

const connectionRow = z.object({
  socketId: z.string(),
  openedMs: z.int(),
  userId: z.string().nullable(),
  channels: z.array(z.string()),
  sdk: z.string().nullable(),
  origin: z.string().nullable(),
  address: z.string().nullable(),
  unsentBytes: z.int(),
});

/** Connections of an app to the process that answers. */
export const connectionRoutes: readonly AdminRoute[] = [
  {
    method: "GET",
    path: "/admin/apps/{app}/connections",
    summary: "Lists connections of an app to the process that answers",
    query: { limit: "At most so many: 1 to 1000. Default: 100" },
    answer: z.object({ total: z.int(), connections: z.array(connectionRow) }),
    async run(call) {
      const limit = limitOf(call);
      if (limit === undefined) {
        return refuse("invalidParameter", "Invalid parameter limit: expected a number from 1 to 1000");
      }
      let total = 0;
      const connections: z.infer<typeof connectionRow>[] = [];
      await call.connections.visit(idOf(call), (facts) => {
        total += 1;
        if (connections.length < limit) connections.push(rowOf(facts));
      });
      return { value: { total, connections } };
    },
  },
  {
    method: "DELETE",
    path: "/admin/apps/{app}/connections/{connection}",
    summary: "Closes one connection; its client comes back",
    query: {},
    answer: z.object({}),
    run: async (call) =>
      call.connections.close(idOf(call), call.subject as SocketId)
        ? { value: {} }
        : refuse("notFound", "The app has no such connection to this process"),
  },
];

function rowOf({
  socketId,
  openedMs,
  userId,
  channels,
  sdk,
  origin,
  address,
  unsentBytes,
}: ConnectionFacts): z.infer<typeof connectionRow> {
  return {
    socketId,
    openedMs: Math.round(openedMs),
    userId: userId ?? null,
    channels: [...channels],
    sdk: sdk ?? null,
    origin: origin ?? null,
    address: address ?? null,
    unsentBytes,
  };
}
