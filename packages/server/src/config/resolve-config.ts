import type { App } from "../core/app.ts";
import type { ConfigFile, UnreadableFile } from "./config-file.ts";
import type { ConfigProblem } from "./config-problem.ts";
import { defaultApp } from "./default-app.ts";
import { laterServerSettings } from "./later-settings.ts";
import { isLoopback } from "./loopback.ts";
import { environmentName, environmentPrefix, flagName } from "./option-name.ts";
import { parseConfigFile, parseJson } from "./parse-config-file.ts";
import { readApps } from "./read-apps.ts";
import { defaultsOf, readOptions, readTexts } from "./read-options.ts";
import type { ServerConfig } from "./server-config.ts";
import { serverOptions, type ServerOptionValues } from "./server-options.ts";

/** Where options come from; the first that sets one wins: flags, environment, file, defaults. */
export interface ConfigSources {
  /** Flags without their dashes, those of the command itself left out; true for a flag without a value. */
  readonly flags: ReadonlyMap<string, string | true>;
  /** All variables of the environment; those that begin with `SEALCAST_` are read. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The configuration file as it was read, where one was named. */
  readonly file: ConfigFile | UnreadableFile | undefined;
}

/** A configuration, or everything that is wrong with it. */
export type ResolvedConfig =
  | { readonly ok: true; readonly config: ServerConfig }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** The variable that names the configuration file. */
export const fileVariable = "SEALCAST_CONFIG";
/** The variable that holds the list of apps as JSON. */
export const appsVariable = "SEALCAST_APPS";
/** Variables that Kubernetes sets by itself next to a service called sealcast. */
const serviceLink = /^SEALCAST_(SERVICE_|PORT_\d)/;

/** Merges all sources into one configuration, or lists every problem of every source. Pure. */
export function resolveConfig(sources: ConfigSources): ResolvedConfig {
  const problems: ConfigProblem[] = [];
  const fields = sources.file && parseConfigFile(sources.file, problems);
  const place = (field: string): string => `${sources.file?.path ?? "defaults"}: ${field}`;
  const section = { place, fields: fields ?? new Map<string, unknown>(), others: ["apps"], later: laterServerSettings };
  const { host, port, logLevel, ...limits }: ServerOptionValues = {
    ...defaultsOf(serverOptions),
    ...readOptions(serverOptions, section, problems),
    ...readTexts(serverOptions, environmentName, environmentTexts(sources.environment), problems),
    ...readTexts(serverOptions, (key) => `--${flagName(key)}`, flagTexts(sources.flags), problems),
  };
  const apps = readAppsOf(sources, fields, place("apps"), problems);
  reportDefaultCredentials(apps, host, problems);
  return problems.length === 0 ? { ok: true, config: { host, port, logLevel, limits, apps } } : { ok: false, problems };
}

/** The apps of the environment, else of the file, else the default app; none where their source cannot be read. */
function readAppsOf(
  sources: ConfigSources,
  fields: ReadonlyMap<string, unknown> | undefined,
  where: string,
  problems: ConfigProblem[],
): readonly App[] {
  const text = sources.environment[appsVariable];
  if (text) {
    const apps = parseJson(text, appsVariable, problems);
    return apps === undefined ? [] : readApps(apps, appsVariable, problems);
  }
  if (sources.file !== undefined && fields === undefined) return [];
  return readApps(fields?.has("apps") ? fields.get("apps") : [defaultApp], where, problems);
}

function environmentTexts(environment: ConfigSources["environment"]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [name, text] of Object.entries(environment)) {
    if (text === undefined || text === "" || !name.startsWith(environmentPrefix)) continue;
    if (name !== fileVariable && name !== appsVariable && !serviceLink.test(name)) texts.set(name, text);
  }
  return texts;
}

function flagTexts(flags: ConfigSources["flags"]): ReadonlyMap<string, string | true> {
  return new Map([...flags].map(([name, text]) => [`--${name}`, text]));
}

function reportDefaultCredentials(apps: readonly App[], host: string, problems: ConfigProblem[]): void {
  if (isLoopback(host)) return;
  if (!apps.some((app) => app.credentials.some(({ secret }) => secret === defaultApp.secret))) return;
  problems.push({
    where: "apps",
    found: `the example secret, which everybody knows, on host ${JSON.stringify(host)}`,
    wanted: "credentials of your own on any address but loopback",
    fix: "Run `sealcast keys > sealcast.json`, then `sealcast start --config sealcast.json`.",
  });
}
