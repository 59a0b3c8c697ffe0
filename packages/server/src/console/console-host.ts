import type { EditableApps } from "../admin-api/admin-route.ts";
import type { OperatorAccount } from "../core/operators/operator-account.ts";
import type { EventSender } from "../http-api/event-sender.ts";
import type { Metrics } from "../metrics/create-metrics.ts";
import type { AppStore } from "../ports/app-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { ConnectionDirectory } from "../ports/connection-directory.ts";
import type { Engine } from "../ports/engine.ts";
import type { Observer } from "../ports/observer.ts";
import type { PageFiles } from "../ports/page-files.ts";
import type { PasswordHasher } from "../ports/password-hasher.ts";
import type { ProcessFigures } from "../ports/process-figures.ts";
import type { Random } from "../ports/random.ts";
import type { UsageRecords } from "../ports/usage-records.ts";
import type { SignOnAccess } from "./endpoints/single-sign-on.ts";
import type { FindDispatcher } from "./endpoints/webhooks.ts";

/** What the console needs from outside the server. */
export interface ConsolePorts {
  /** Name of this node. */
  readonly node: string;
  /** Version of the server, and the kind of its engine. */
  readonly server: { readonly version: string; readonly engine: string };
  /** Operators with a password. */
  readonly accounts: readonly OperatorAccount[];
  /** Undefined: there is no single sign-on. Without it and without accounts, the console is open to everybody on this machine. */
  readonly singleSignOn: SignOnAccess | undefined;
  /** Where apps are defined, for people, such as "the configuration file". */
  readonly appSource: string;
  readonly page: PageFiles;
  readonly hasher: PasswordHasher;
  readonly figures: ProcessFigures;
  /** Makes an unguessable text. */
  readonly randomText: () => string;
}

/** What the console sees of the server that it belongs to. */
export interface ConsoleHost {
  readonly runtime: string;
  readonly apps: AppStore;
  /** Undefined: the apps come from the configuration. */
  readonly editable: EditableApps | undefined;
  /** Undefined: nothing is counted. */
  readonly usage: Pick<UsageRecords, "days"> | undefined;
  readonly engine: Engine;
  readonly connections: ConnectionDirectory;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
  readonly bufferedBytes: () => number;
  readonly metrics: Metrics;
  readonly webhookDispatcher: FindDispatcher;
  readonly sendEvent: EventSender;
}
