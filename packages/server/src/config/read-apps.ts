import { ownProperties, type AppId, type AppKey } from "@sealcast/protocol";
import type { App, AppCredential } from "../core/app.ts";
import { appOptions } from "./app-options.ts";
import type { ConfigProblem } from "./config-problem.ts";
import { describeCredential } from "./describe-found.ts";
import { laterAppSettings } from "./later-settings.ts";
import { defaultsOf, readOptions } from "./read-options.ts";

/** The form of a name or credential. */
interface Form {
  readonly pattern: RegExp;
  readonly wanted: string;
}

const nameForm: Form = { pattern: /^[A-Za-z0-9_-]{1,100}$/, wanted: "text of 1 to 100 letters, digits, - or _" };
const secretForm: Form = { pattern: /^\S{8,200}$/, wanted: "text of 8 to 200 characters without spaces" };
const makeOne = "`sealcast keys` makes an id, a key and a secret.";

/** Reads the list of apps; what is wrong with it is added to `problems`, and the answer is then of no use. */
export function readApps(found: unknown, where: string, problems: ConfigProblem[]): readonly App[] {
  if (!Array.isArray(found) || found.length === 0) {
    problems.push({ where, found: describeCredential(found), wanted: "a list of at least one app", fix: makeOne });
    return [];
  }
  const apps = found.map((app: unknown, index) => readApp(app, `${where}[${index}]`, problems));
  reportRepeated(apps, where, problems);
  return apps;
}

function readApp(found: unknown, where: string, problems: ConfigProblem[]): App {
  const fields = ownProperties(found) ?? new Map<string, unknown>();
  const section = {
    place: (field: string) => `${where}.${field}`,
    fields,
    others: ["id", "key", "secret", "keys"],
    later: laterAppSettings,
  };
  return {
    id: readText(fields.get("id"), nameForm, `${where}.id`, problems) as AppId,
    credentials: [
      readPair(fields, where, problems),
      ...readFurtherPairs(fields.get("keys"), `${where}.keys`, problems),
    ],
    ...defaultsOf(appOptions),
    ...readOptions(appOptions, section, problems),
  };
}

function readFurtherPairs(found: unknown, where: string, problems: ConfigProblem[]): AppCredential[] {
  if (found === undefined) return [];
  if (!Array.isArray(found)) {
    const wanted = "a list of objects with key and secret";
    problems.push({ where, found: describeCredential(found), wanted, fix: "Leave it out where the app has one pair." });
    return [];
  }
  return found.map((pair: unknown, index) => readPair(ownProperties(pair), `${where}[${index}]`, problems));
}

function readPair(
  fields: ReadonlyMap<string, unknown> | undefined,
  where: string,
  problems: ConfigProblem[],
): AppCredential {
  return {
    key: readText(fields?.get("key"), nameForm, `${where}.key`, problems) as AppKey,
    secret: readText(fields?.get("secret"), secretForm, `${where}.secret`, problems),
  };
}

function readText(found: unknown, form: Form, where: string, problems: ConfigProblem[]): string {
  if (typeof found === "string" && form.pattern.test(found)) return found;
  problems.push({ where, found: describeCredential(found), wanted: form.wanted, fix: makeOne });
  return "";
}

function reportRepeated(apps: readonly App[], where: string, problems: ConfigProblem[]): void {
  const owners = new Map<string, string>();
  const claim = (name: string, place: string): void => {
    const owner = owners.get(name);
    if (owner === undefined) owners.set(name, place);
    else problems.push({ where: place, found: `the same as ${owner}`, wanted: "one that is not taken", fix: makeOne });
  };
  for (const [index, app] of apps.entries()) {
    if (app.id !== "") claim(`id ${app.id}`, `${where}[${index}].id`);
    for (const [pair, { key }] of app.credentials.entries()) {
      if (key !== "")
        claim(`key ${key}`, pair === 0 ? `${where}[${index}].key` : `${where}[${index}].keys[${pair - 1}].key`);
    }
  }
}
