import type { AppId, AppKey } from "@sealcast/protocol";
import type { z } from "zod";
import type { App } from "../core/app.ts";
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
  problems.push(...repeatedNames(statedNames(list), placeOf));
  return (data ?? []).map(toApp);
}

function toApp({ id, key, secret, keys, ...settings }: z.infer<typeof appList>[number]): App {
  const further = keys.map((pair) => ({ key: pair.key as AppKey, secret: pair.secret }));
  return { id: id as AppId, credentials: [{ key: key as AppKey, secret }, ...further], ...settings };
}
