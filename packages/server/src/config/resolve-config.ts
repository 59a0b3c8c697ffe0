import type { OperatorAccount } from "../core/operators/operator-account.ts";
import { defaultServerSettings, serverSettings, type ServerSettings } from "../core/settings/server-settings.ts";
import type { SingleSignOnSettings } from "../core/operators/single-sign-on.ts";
import type { ConfigFile, UnreadableFile } from "./config-file.ts";
import type { ConfigProblem } from "./config-problem.ts";
import { defaultApp } from "./default-app.ts";
import { readVariables, type IgnoredVariable } from "./environment.ts";
import { isLoopback } from "./loopback.ts";
import { kindOf, mismatchProblems } from "./mismatch-problems.ts";
import { appsVariable, engineSettingName, environmentName, flagName } from "./option-name.ts";
import { parseJson } from "./parse-json.ts";
import { readApps } from "./read-apps.ts";
import { configFile } from "./schema.ts";
import type { ServerConfig } from "./server-config.ts";
import { statedNames } from "./stated-names.ts";
import { readTexts, type GivenSettings } from "./text-settings.ts";

/** Where options come from. The first source that sets an option wins: flags, environment, file, defaults. */
export interface ConfigSources {
  /** Flags by name, such as `--port`; true for a flag without a value. */
  readonly flags: ReadonlyMap<string, string | true>;
  /** All environment variables; those that begin with `SEALCAST_` are read. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The configuration file, if one was named. */
  readonly file: ConfigFile | UnreadableFile | undefined;
}

/** A configuration, or everything that is wrong with it. */
export type ResolvedConfig =
  | { readonly ok: true; readonly config: ServerConfig; readonly ignored: readonly IgnoredVariable[] }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** What a configuration file holds. */
interface FileContent {
  readonly settings: GivenSettings;
  /** The list of apps, unchecked; undefined if the file has none. */
  readonly apps: unknown;
  readonly operators: readonly OperatorAccount[];
  readonly oidc: SingleSignOnSettings | undefined;
}

const noContent: FileContent = { settings: {}, apps: undefined, operators: [], oidc: undefined };

/**
 * Merges all sources into one configuration, or returns every problem of every source. Does no I/O, never throws.
 *
 * @example
 * const resolved = resolveConfig({ flags: new Map([["--port", "0"]]), environment: process.env, file: undefined });
 * if (!resolved.ok) throw new Error(describeProblems(resolved.problems));
 */
export function resolveConfig({ flags, environment, file }: ConfigSources): ResolvedConfig {
  const problems: ConfigProblem[] = [];
  const content = file === undefined ? noContent : readFile(file, problems);
  const { texts, ignored } = readVariables(environment);
  const settings = {
    ...content?.settings,
    ...readTexts(texts, environmentName, problems),
    ...readTexts(flags, flagName, problems),
  };
  const { data = defaultServerSettings } = serverSettings.safeParse(settings);
  const isListed = Boolean(environment[appsVariable]) || content?.apps !== undefined;
  const list =
    data.appDatabase === "" ? listOfApps(environment[appsVariable], content, problems) : noList(isListed, problems);
  const source = environment[appsVariable] ? appsVariable : `${file?.path ?? "defaults"}: apps`;
  const apps = list === undefined ? [] : readApps(list, (path) => source + path, problems);
  problems.push(...exampleSecretProblems(list, data.host), ...workerProblems(data));
  if (problems.length > 0) return { ok: false, problems };
  const { operators, oidc } = content ?? noContent;
  return { ok: true, config: { ...data, apps, operators, oidc }, ignored };
}

/** Apps are in the database or in a list, not in both. */
function noList(isListed: boolean, problems: ConfigProblem[]): undefined {
  if (!isListed) return;
  const fix = "Remove the list or appDatabase; docs/apps.md says how apps get into the database.";
  problems.push({ where: "apps", expected: "no list of apps beside appDatabase", got: "a list of apps", fix });
}

function readFile(file: ConfigFile | UnreadableFile, problems: ConfigProblem[]): FileContent | undefined {
  if ("problem" in file) {
    problems.push({ where: file.path, ...file.problem });
    return undefined;
  }
  const json = parseJson(file.text);
  if (!json.ok) {
    problems.push({ where: file.path, expected: "JSON", got: json.got, fix: jsonFix });
    return undefined;
  }
  const { value } = json;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const fix = "Begin with {; `sealcast keys` prints a file to start from.";
    problems.push({ where: file.path, expected: "a JSON object", got: kindOf(value), fix });
    return undefined;
  }
  const { apps, ...others }: { readonly apps?: unknown } = value;
  const { data, error } = fileSettings.safeParse(others);
  const placeOf = (path: string): string => `${file.path}: ${path}`;
  const schema = configFile;
  if (error !== undefined) problems.push(...mismatchProblems({ schema, value: others, issues: error.issues, placeOf }));
  const { $schema: _, engine = {}, operators = [], oidc, ...settings } = data ?? {};
  return { settings: { ...settings, ...flatEngineSettings(engine) }, apps, operators, oidc };
}

/** Returns the settings of the object `engine` by their names among the settings of the process: `url` is `engineUrl`. */
function flatEngineSettings(engine: Readonly<Record<string, unknown>>): GivenSettings {
  return Object.fromEntries(Object.entries(engine).map(([name, value]) => [engineSettingName(name), value]));
}

const fileSettings = configFile.omit({ apps: true });
const jsonFix = "Look for a missing or trailing comma, a missing quotation mark, or a comment.";

/** Returns the apps of the environment, else of the file, else the example app; undefined if their source is broken. */
function listOfApps(text: string | undefined, content: FileContent | undefined, problems: ConfigProblem[]): unknown {
  if (text) {
    const json = parseJson(text);
    if (json.ok) return json.value;
    problems.push({ where: appsVariable, expected: "JSON", got: json.got, fix: jsonFix });
    return undefined;
  }
  if (content === undefined) return undefined;
  return content.apps === undefined ? [defaultApp] : content.apps;
}

function workerProblems({ workers, engine }: ServerSettings): ConfigProblem[] {
  if (workers === 1 || engine !== "memory") return [];
  return [
    {
      where: "workers",
      expected: "the engine redis, which lets several processes share channels, members and users",
      got: `${workers} processes with the engine memory, of which each would have channels of its own`,
      fix: 'Set the engine to { "kind": "redis", "url": … }, or remove workers.',
    },
  ];
}

function exampleSecretProblems(apps: unknown, host: string): ConfigProblem[] {
  const hasExampleSecret = statedNames(apps).some(({ kind, text }) => kind === "secret" && text === defaultApp.secret);
  if (isLoopback(host) || !hasExampleSecret) return [];
  return [
    {
      where: "apps",
      expected: "credentials of your own on every address except loopback",
      got: `the example secret, which everybody knows, on host ${JSON.stringify(host)}`,
      fix: "Run `sealcast keys --out sealcast.json`, then `sealcast start --config sealcast.json`.",
    },
  ];
}
