import type { AppId, AppKey } from "@sealcast/protocol";
import type { z } from "zod";
import { originForm, type App } from "../core/apps/app.ts";
import { canonicalOrigin } from "./canonical-origin.ts";
import type { ConfigProblem } from "./config-problem.ts";
import { mismatchProblems } from "./mismatch-problems.ts";
import { repeatedNames } from "./repeated-names.ts";
import { appList } from "./schema.ts";
import { statedNames } from "./stated-names.ts";

/** Reads a list of apps; adds its problems to `problems`. Ignore the result if there are any. */
export function readApps(list: unknown, placeOf: (path: string) => string, problems: ConfigProblem[]): readonly App[] {
  const { data, error } = appList.safeParse(list);
  if (error !== undefined) {
    problems.push(...mismatchProblems({ schema: appList, value: list, issues: error.issues, placeOf }));
  }
  problems.push(...repeatedNames(statedNames(list), placeOf), ...originProblems(data ?? [], placeOf));
  return (data ?? []).map(toApp);
}

/** Returns a problem for each allowed origin that no page can have: it would lock out the pages that it is meant for. */
function originProblems(apps: z.infer<typeof appList>, placeOf: (path: string) => string): ConfigProblem[] {
  return apps.flatMap(({ id, allowedOrigins }, index) =>
    allowedOrigins.flatMap((entry, at) => {
      if (canonicalOrigin(entry) !== undefined) return [];
      const where = `${placeOf(`[${index}].allowedOrigins[${at}]`)} (app "${id}")`;
      const fix = "Write scheme and host, as in the address bar of the page; for all origins, leave the list empty.";
      return [{ where, expected: originForm, got: "an entry that no origin can match", fix }];
    }),
  );
}

function toApp({ id, key, secret, keys, allowedOrigins, ...settings }: z.infer<typeof appList>[number]): App {
  const further = keys.map((pair) => ({ key: pair.key as AppKey, secret: pair.secret }));
  const credentials = [{ key: key as AppKey, secret }, ...further] as const;
  const origins = allowedOrigins.map((entry) => canonicalOrigin(entry) ?? entry);
  return { id: id as AppId, credentials, ...settings, allowedOrigins: origins };
}
