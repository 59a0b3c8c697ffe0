import type { ServerConfig } from "@sealcast/server/config";
import type { Check, CheckContext } from "../check.ts";
import { ok, problem, skipped, type Finding } from "../finding.ts";

/** Of a check that cannot be made without the configuration. */
export const needsConfig = "needs the configuration of the server: --config FILE";

/** Checks of what a server itself connects to. They run where the server runs. */
export const serviceChecks: readonly Check[] = [
  {
    id: "engine",
    title: "Redis",
    needs: [],
    run: ({ config }) => (config === undefined ? Promise.resolve(skipped(needsConfig)) : checkEngine(config)),
  },
  {
    id: "webhooks",
    title: "Webhooks",
    needs: [],
    run: ({ config, target }) =>
      config === undefined ? Promise.resolve(skipped(needsConfig)) : checkWebhooks(config, target),
  },
];

async function checkEngine(config: ServerConfig): Promise<Finding> {
  if (config.engine === "memory") return skipped("the server keeps everything in its memory");
  const { probeEngine } = await import("@sealcast/server");
  const error = await probeEngine(config);
  if (error === undefined) return ok("connects, and the version is supported");
  return problem(`expected ${error.expected}, got ${error.got}`, error.fix);
}

async function checkWebhooks(config: ServerConfig, target: CheckContext["target"]): Promise<Finding> {
  if (config.appDatabase !== "") return skipped("`sealcast webhooks deliveries` shows those of an app in a database");
  const app = config.apps.find(({ id }) => id === target.appId);
  if (app === undefined || app.webhooks.length === 0) return skipped("the app has none");
  const { probeWebhooks } = await import("@sealcast/server");
  const probes = await probeWebhooks(app, config);
  const failed = probes.filter(({ outcome }) => outcome.status === undefined || !isSuccess(outcome.status));
  if (failed.length === 0) return ok(`${probes.length} of ${probes.length} receivers accept a delivery without events`);
  const seen = failed.map(({ url, outcome }) => `${withoutQuery(url)}: ${outcome.error ?? outcome.status}`);
  return problem(seen.join("; "), fixOf(failed[0]?.outcome.error));
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** The query may hold a secret. */
function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

function fixOf(error: string | undefined): string {
  if (error === undefined) return "The receiver must answer 2xx, also to a delivery without events: see its log.";
  if (error.includes("public address")) {
    return "Set allowPrivateWebhookTargets to true if a receiver in a private network is meant.";
  }
  return "Check the URL, and that this machine may connect to it.";
}
