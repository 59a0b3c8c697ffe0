// The configuration without the server: programs that only read or check one need not load the rest.
export { readConfigFile, watchConfigFile, type ConfigFile, type UnreadableFile } from "./config-file.ts";
export { describeProblems, type ConfigProblem } from "./config-problem.ts";
export type { IgnoredVariable } from "./environment.ts";
export { appsVariable, commandVariables, environmentName, fileVariable, flagName } from "./option-name.ts";
export { resolveConfig, type ConfigSources, type ResolvedConfig } from "./resolve-config.ts";
export { appCredentials, configJsonSchema } from "./schema.ts";
export type { ServerConfig } from "./server-config.ts";
export { appSettings, defaultAppSettings, type App, type AppCredential, type AppSettings } from "../core/apps/app.ts";
export { defaultServerSettings, serverSettings, type ServerSettings } from "../core/settings/server-settings.ts";
export { settingFacts, type LimitFacts, type SettingFacts } from "../core/settings/setting.ts";
