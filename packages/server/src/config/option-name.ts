/** First part of the name of every environment variable of the server. */
export const environmentPrefix = "SEALCAST_";

/** The variable that names the configuration file. */
export const fileVariable = "SEALCAST_CONFIG";

/** The variable that holds the list of apps as JSON. */
export const appsVariable = "SEALCAST_APPS";

/** Variables of other commands, which a server in the same environment does not read. */
export const commandVariables: readonly string[] = ["SEALCAST_URL", "SEALCAST_MASTER_KEY", "SEALCAST_CONSOLE_PASSWORD"];

/** Returns the environment variable of a setting: `maxFrameBytes` is `SEALCAST_MAX_FRAME_BYTES`. */
export function environmentName(setting: string): string {
  return environmentPrefix + words(setting).join("_").toUpperCase();
}

/** Returns the flag of a setting: `maxFrameBytes` is `--max-frame-bytes`. */
export function flagName(setting: string): string {
  return `--${words(setting).join("-").toLowerCase()}`;
}

/** Returns the name that a setting of the object `engine` has outside of it: `url` is `engineUrl`, `kind` is `engine`. */
export function engineSettingName(name: string): string {
  return name === "kind" ? "engine" : `engine${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function words(name: string): string[] {
  return name.split(/(?=[A-Z])/);
}
