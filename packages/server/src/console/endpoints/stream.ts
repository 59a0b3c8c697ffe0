import type { App } from "../../core/apps/app.ts";
import type { Clock } from "../../ports/clock.ts";
import type { HttpReply } from "../../ports/transport.ts";
import type { ActivityLog } from "../activity-log.ts";
import { entryTypes, type NodeFigures } from "../contract.ts";
import type { NodeReports } from "../node-reports.ts";
import { EntryStream } from "../entry-stream.ts";

const figuresMs = 1_000;
/** How long a browser waits before it reconnects. */
const reconnectMs = 1_000;

/** Answers `GET /console/api/apps/{id}/stream?types=a,b` with server-sent events, as long as the page listens. */
export function streamOf(
  app: App,
  types: string,
  log: ActivityLog,
  clock: Pick<Clock, "every">,
  figures: () => NodeFigures,
  reports: NodeReports,
): HttpReply {
  const wanted = new Set(types.split(","));
  const chosen = entryTypes.filter((type) => wanted.has(type));
  return {
    status: 200,
    // A proxy must not collect the stream.
    headers: { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" },
    body: `retry: ${reconnectMs}\n\n`,
    stream(reply) {
      const stream = new EntryStream(reply, clock);
      stream.send("figures", figures());
      const stopFigures = clock.every(figuresMs, () => stream.send("figures", figures()));
      const stopWatching = log.watch({
        app: app.id,
        types: new Set(chosen),
        show: (entry) => stream.add(entry),
      });
      const stopReports = reports.watch({
        app: app.id,
        types: chosen,
        figures: (other) => stream.send("figures", other),
        dropped: (count) => stream.addDropped(count),
      });
      return () => {
        stopReports();
        stopWatching();
        stopFigures();
        stream.stop();
      };
    },
  };
}
