import type { EditableApps } from "./admin-api/admin-route.ts";
import type { ConsolePorts } from "./console/console-host.ts";
import type { Turns } from "./core/turns.ts";
import type { OperatorCheck } from "./http-api/api-ports.ts";
import type { Route } from "./http-api/routes.ts";
import type { MetricsPorts } from "./metrics/create-metrics.ts";
import type { UsageMeter } from "./observers/usage-meter.ts";
import type { AppStore } from "./ports/app-store.ts";
import type { Clock } from "./ports/clock.ts";
import type { Engine } from "./ports/engine.ts";
import type { Log } from "./ports/log.ts";
import type { Observer } from "./ports/observer.ts";
import type { Random } from "./ports/random.ts";
import type { Signer } from "./ports/signer.ts";
import type { Transport } from "./ports/transport.ts";
import type { Webhooks } from "./webhooks/webhooks.ts";

/** Everything outside that a server works with. The contract suites of `@sealcast/server-testing` test adapters of it. */
export interface ServerPorts {
  /** Finds apps by id and by key. */
  readonly apps: AppStore;
  /** Sockets and HTTP. */
  readonly transport: Transport;
  /** What the processes of a cluster share. */
  readonly engine: Engine;
  /** Time and timers. */
  readonly clock: Clock;
  /** Turns of the event loop, over which long work is spread. Without them, all work is done in one turn. */
  readonly turns?: Turns;
  /** Random numbers for socket ids. */
  readonly random: Random;
  /** Computes and compares signatures. */
  readonly signer: Signer;
  /** Where log lines go. */
  readonly log: Log;
  /** Observers besides the log. */
  readonly observers?: readonly Observer[];
  /** Without them, the webhooks of apps receive nothing. */
  readonly webhooks?: Webhooks | undefined;
  /** Routes in addition to the HTTP API and the health checks. */
  readonly routes?: readonly Route[];
  /** What the console needs; without it, there is no console. */
  readonly console?: ConsolePorts | undefined;
  /** What the metrics need; without it, there is no `GET /metrics`. */
  readonly metrics?: MetricsPorts | undefined;
  /** What apps use; without it, nothing is counted and there are no quotas. */
  readonly usage?: UsageMeter | undefined;
  /** What changes the apps; without it, they come from the configuration. */
  readonly editableApps?: EditableApps | undefined;
  /** Token that requests to the admin API must carry. Without it, there is no admin API. */
  readonly adminToken?: string | undefined;
  /** Guards the routes whose access is "operator"; without it, nobody may use them. */
  readonly checkOperator?: OperatorCheck;
}
