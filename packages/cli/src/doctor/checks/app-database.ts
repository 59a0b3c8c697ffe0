import type { ServerConfig } from "@sealcast/server/config";
import type { TableDifferences } from "@sealcast/server";
import type { Check } from "../check.ts";
import { ok, problem, skipped, warning, type Finding } from "../finding.ts";
import { needsConfig } from "./services.ts";

/** Checks the database from which a server reads its apps. */
export const appDatabaseChecks: readonly Check[] = [
  {
    id: "app-database",
    title: "Database of the apps",
    needs: [],
    run: ({ config }) => (config === undefined ? Promise.resolve(skipped(needsConfig)) : checkAppDatabase(config)),
  },
];

async function checkAppDatabase(config: ServerConfig): Promise<Finding> {
  const { probeAppDatabase, AppDatabaseError } = await import("@sealcast/server");
  const found = await probeAppDatabase(config);
  if (found === undefined) return skipped("the apps come from the configuration");
  return found instanceof AppDatabaseError ? problem(found.got, found.fix) : tableFinding(found);
}

/** Returns what differences of the tables mean for a server of this version. */
export function tableFinding({ missing, isNew, isNewer }: TableDifferences): Finding {
  if (isNewer) {
    const fix = "Run the version of the server that changed them, or a newer one.";
    return problem("tables that a newer version of the server has changed", fix);
  }
  if (isNew) return ok("can be used; a server creates the tables at its first start");
  if (missing.length === 0) return ok("can be used, and the tables are up to date");
  const fix = "The next start of a server makes these steps. Make a backup first.";
  return warning(`tables of an older version, without ${missing.join(", ")}`, fix);
}
