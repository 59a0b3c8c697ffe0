import type { ConfigProblem } from "./config-problem.ts";
import { describeCredential } from "./describe-found.ts";

/** A setting that the file format knows and this version does not carry out. */
export interface LaterSetting {
  /** The one value that asks for nothing; it is accepted. */
  readonly off: unknown;
  readonly fix: string;
}

/** Such settings by key. */
export type LaterSettings = ReadonlyMap<string, LaterSetting>;

/** Settings of the whole process that this version refuses by name instead of ignoring them. */
export const laterServerSettings: LaterSettings = new Map([
  ["engine", { off: { kind: "memory" }, fix: "Remove it: this version runs as one process, without Redis." }],
  ["allowPrivateWebhookTargets", { off: false, fix: "Remove it: this version sends no webhooks." }],
]);

/** Settings of an app that this version refuses by name instead of ignoring them. */
export const laterAppSettings: LaterSettings = new Map<string, LaterSetting>([
  ["webhooks", { off: [], fix: "Remove it: this version sends no webhooks." }],
  ["requireSealed", { off: false, fix: "Remove it: this version checks ciphertext on `private-encrypted-` channels." }],
]);

/** No problem where the setting asks for nothing, else one. */
export function readLaterSetting(setting: LaterSetting, found: unknown, where: string): ConfigProblem[] {
  const off = JSON.stringify(setting.off);
  if (JSON.stringify(found) === off) return [];
  return [{ where, found: describeCredential(found), wanted: `${off}: it is not in this version`, fix: setting.fix }];
}
