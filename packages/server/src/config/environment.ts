import { appsVariable, commandVariables, environmentPrefix, fileVariable } from "./option-name.ts";

/** An environment variable that was ignored although its name begins like an option, and why. */
export interface IgnoredVariable {
  readonly name: string;
  /** Why it is ignored, and what to do about it. */
  readonly reason: string;
}

const otherVariables: ReadonlySet<string> = new Set([fileVariable, appsVariable, ...commandVariables]);

/** Variables that Kubernetes sets in every pod of a namespace that has a Service named `sealcast`. */
const serviceVariable = /^SEALCAST_(SERVICE_|PORT_\d)/;

/** Returns the variables that are options, except those that name the file and the apps. */
export function readVariables(environment: Readonly<Record<string, string | undefined>>): {
  readonly texts: ReadonlyMap<string, string>;
  readonly ignored: readonly IgnoredVariable[];
} {
  const texts = new Map<string, string>();
  const ignored: IgnoredVariable[] = [];
  for (const [name, text] of Object.entries(environment)) {
    if (text === undefined || text === "" || !name.startsWith(environmentPrefix)) continue;
    if (otherVariables.has(name) || serviceVariable.test(name)) continue;
    if (name === "SEALCAST_PORT" && /^(tcp|udp|sctp):\/\//.test(text)) ignored.push({ name, reason: servicePort });
    else texts.set(name, text);
  }
  return { texts, ignored };
}

const servicePort =
  "Kubernetes sets it because a Service is named sealcast. Set enableServiceLinks: false in the pod, or --port.";
