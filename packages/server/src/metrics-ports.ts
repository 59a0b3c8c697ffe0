import { createProcessFigures } from "./adapters/process-figures/node.ts";
import type { ServerConfig } from "./config/server-config.ts";
import { usesExampleSecret } from "./config/uses-example-secret.ts";
import type { MetricsPorts } from "./metrics/create-metrics.ts";
import type { MetricsAccess } from "./metrics/metrics-route.ts";
import { version } from "./product.ts";
import { nodeName } from "./node-name.ts";

/**
 * Prepares the metrics, if the configuration turns them on: with a port of their own, with a token, or with the example
 * credentials, which are accepted on loopback addresses only.
 */
export function readMetricsPorts(config: ServerConfig): MetricsPorts | undefined {
  const access = accessOf(config);
  if (access === undefined) return undefined;
  const { engine, metricsHost: host, metricsPort: port } = config;
  const address = port === 0 ? undefined : { host, port };
  return { version, engine, node: nodeName(), process: createProcessFigures(), access, address };
}

function accessOf(config: ServerConfig): MetricsAccess | undefined {
  if (config.metricsToken !== "") return { token: config.metricsToken };
  if (config.metricsPort !== 0) return "everybody";
  return usesExampleSecret(config) ? "loopback" : undefined;
}
