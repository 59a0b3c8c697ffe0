import type { AppId } from "@sealcast/protocol";
import type { EngineEvents, EngineStatus } from "../ports/engine.ts";
import type { Observer } from "../ports/observer.ts";
import type { Hub } from "./hub.ts";
import type { SubscriptionCounts } from "./subscription-counts.ts";
import type { Watchlists } from "./watchlists.ts";

/** Passes what the engine reports to the parts of this node. */
export function createEngineEvents(
  hub: Hub,
  watchlists: Watchlists,
  counts: SubscriptionCounts,
  observer: Observer,
  statusChanged: (status: EngineStatus) => void,
  consoleMessageReceived: (app: AppId, text: string) => void,
): EngineEvents {
  return {
    deliver: (app, delivery) => hub.deliver(app, delivery),
    missed: (app, channel, last) => hub.missed(app, channel, last),
    changed(app, fact) {
      if (observer.wants(fact.kind)) observer.observe({ app, ...fact });
      if (fact.kind === "subscription-count") counts.changed(app, fact.channel, fact.count);
    },
    userChanged: (app, userId, online) => watchlists.changed(app, userId, online),
    messageReceived(message) {
      if (message.kind === "console") consoleMessageReceived(message.app, message.text);
      else hub.terminate(message.app, message.userId);
    },
    statusChanged,
  };
}
