import { parseArgs } from "node:util";
import { flagName, serverOptions } from "@sealcast/server";

/** What the user asks for. */
export type Command =
  | {
      readonly do: "start";
      readonly configPath: string | undefined;
      readonly flags: ReadonlyMap<string, string | true>;
    }
  | { readonly do: "keys" }
  | { readonly do: "help" }
  | { readonly do: "version" }
  | { readonly do: "refuse"; readonly message: string };

/** Reads the arguments after `sealcast`. Values of flags are checked with the rest of the configuration. */
export function parseCommandLine(args: readonly string[]): Command {
  const options = flagKinds();
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const words: string[] = [];
  const flags = new Map<string, string | true>();
  let unknownFlag: string | undefined;
  for (const token of tokens) {
    if (token.kind === "option") {
      flags.set(token.name, token.value ?? true);
      unknownFlag = Object.hasOwn(options, token.name) || token.value !== undefined ? undefined : token.name;
    } else if (token.kind === "positional") {
      if (unknownFlag === undefined) words.push(token.value);
      else flags.set(unknownFlag, token.value);
      unknownFlag = undefined;
    }
  }
  if (flags.has("help") || flags.has("h")) return { do: "help" };
  if (flags.has("version") || flags.has("v")) return { do: "version" };
  const [command = "help", ...rest] = words;
  if (rest.length > 0) return { do: "refuse", message: `${command} takes no argument ${JSON.stringify(rest[0])}` };
  switch (command) {
    case "start":
      return startCommand(flags);
    case "keys":
    case "help":
    case "version": {
      const [flag] = flags.keys();
      return flag === undefined ? { do: command } : { do: "refuse", message: `${command} takes no flag --${flag}` };
    }
    default:
      return { do: "refuse", message: `there is no command ${JSON.stringify(command)}` };
  }
}

function startCommand(flags: Map<string, string | true>): Command {
  const configPath = flags.get("config");
  flags.delete("config");
  if (configPath === true || configPath === "") return { do: "refuse", message: "--config needs the path of a file" };
  return { do: "start", configPath, flags };
}

/** Which flags take a value. Flags of no option take what follows them, and are reported with the configuration. */
function flagKinds(): Record<string, { type: "string" | "boolean" }> {
  const kinds: ReturnType<typeof flagKinds> = { config: { type: "string" } };
  for (const name of ["help", "h", "version", "v"]) kinds[name] = { type: "boolean" };
  for (const [key, { isSwitch }] of Object.entries(serverOptions)) {
    kinds[flagName(key)] = { type: isSwitch ? "boolean" : "string" };
  }
  return kinds;
}
