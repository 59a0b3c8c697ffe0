/** How every environment variable of the server begins. */
export const environmentPrefix = "SEALCAST_";

/** The environment variable of an option: `maxFrameBytes` is `SEALCAST_MAX_FRAME_BYTES`. */
export function environmentName(key: string): string {
  return environmentPrefix + words(key).join("_").toUpperCase();
}

/** The flag of an option, without its two dashes: `maxFrameBytes` is `max-frame-bytes`. */
export function flagName(key: string): string {
  return words(key).join("-").toLowerCase();
}

function words(key: string): string[] {
  return key.split(/(?=[A-Z])/);
}
