import { access, constants } from "node:fs/promises";
import { dirname } from "node:path";
import { appDatabaseError } from "./app-database-problem.ts";
import { createNodeHttpSender } from "./adapters/http-sender/node-http-sender.ts";
import { createNodeSigner } from "./adapters/signer/node-crypto.ts";
import type { ServerConfig } from "./config/server-config.ts";
import type { TableDifferences } from "./adapters/app-store/sql/app-migrations.ts";
import type { App } from "./core/apps/app.ts";
import type { AppDatabaseError } from "./core/errors/app-database-error.ts";
import { EngineStartError } from "./core/errors/engine-start-error.ts";
import type { ServerSettings } from "./core/settings/server-settings.ts";
import type { HttpOutcome } from "./ports/http-sender.ts";
import { webhookRequest } from "./webhooks/webhook-request.ts";

/**
 * Connects to the engine that the settings name, as a server does at its start, and disconnects again. Nothing is written.
 * Returns what would keep a server from starting; undefined if nothing does, and for the memory engine.
 */
export async function probeEngine(settings: ServerSettings): Promise<EngineStartError | undefined> {
  if (settings.engine === "memory") return undefined;
  const { NodeRedisConnection } = await import("./adapters/engine/redis/connection/node-redis-connection.ts");
  const { engineUrl: url, engineCluster: cluster, engineSentinelPrimary } = settings;
  const sentinelPrimary = engineSentinelPrimary === "" ? undefined : engineSentinelPrimary;
  const connection = new NodeRedisConnection({ url, cluster, sentinelPrimary });
  try {
    await connection.open({ up: () => undefined, down: () => undefined });
    return undefined;
  } catch (error) {
    if (error instanceof EngineStartError) return error;
    throw error;
  } finally {
    await connection.close();
  }
}

/**
 * Opens the database of the apps and compares its tables with those of this version. Nothing is written. Returns what would
 * keep a server from starting, or how the tables differ; undefined if the apps come from the configuration.
 */
export async function probeAppDatabase({
  appDatabase: url,
}: ServerSettings): Promise<AppDatabaseError | TableDifferences | undefined> {
  if (url === "") return undefined;
  const { openDatabase } = await import("./adapters/app-store/sql/open-database.ts");
  const { compareAppTables } = await import("./adapters/app-store/sql/app-migrations.ts");
  const { databaseKind } = await import("./adapters/app-store/sql/database-url.ts");
  let database: Awaited<ReturnType<typeof openDatabase>> | undefined;
  try {
    if (databaseKind(url) === "sqlite" && !(await exists(url.slice("sqlite:".length)))) {
      return { missing: [], isNew: true, isNewer: false };
    }
    database = await openDatabase(url);
    return await compareAppTables(database, databaseKind(url));
  } catch (error) {
    return appDatabaseError(error);
  } finally {
    await database?.destroy();
  }
}

/** Whether a file exists. Rejects if it does not and cannot be created, or cannot be read and written. */
async function exists(path: string): Promise<boolean> {
  try {
    await access(path, constants.R_OK | constants.W_OK);
    return true;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    await access(dirname(path), constants.W_OK);
    return false;
  }
}

/** The result of a request to one webhook. */
export interface WebhookProbe {
  readonly url: string;
  readonly outcome: HttpOutcome;
}

/**
 * Sends a signed delivery without events to each webhook of an app, from this machine and with the same rules as a server:
 * private addresses only if the configuration allows them.
 */
export async function probeWebhooks(app: App, config: ServerConfig): Promise<readonly WebhookProbe[]> {
  const sender = createNodeHttpSender({ allowPrivateTargets: config.allowPrivateWebhookTargets });
  const [{ key, secret }] = app.credentials;
  const delivery = { id: "probe", target: "probe", timeMs: Date.now(), events: [] };
  try {
    return await Promise.all(
      app.webhooks.map(async ({ url, headers, batch }) => {
        const request = webhookRequest(delivery, { url, headers, batch, key, secret }, createNodeSigner());
        return { url, outcome: await sender.post(request) };
      }),
    );
  } finally {
    sender.close();
  }
}
