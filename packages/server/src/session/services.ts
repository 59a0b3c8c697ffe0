import type { ServerSettings } from "../core/server-settings.ts";
import type { AppStore } from "../ports/app-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { Engine } from "../ports/engine.ts";
import type { Observer } from "../ports/observer.ts";
import type { Signer } from "../ports/signer.ts";
import type { Hub } from "./hub.ts";
import type { SubscriptionCounts } from "./subscription-counts.ts";

/** What every session works with. */
export interface Services {
  readonly apps: AppStore;
  readonly engine: Engine;
  readonly hub: Hub;
  readonly counts: SubscriptionCounts;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly observer: Observer;
  readonly limits: ServerSettings;
}
