import { readFile } from "node:fs/promises";
import { CommandFailure, WrongUsage } from "../command-failure.ts";
import { readStandardInput } from "../read-input.ts";

/** The options that give settings of an app. */
export interface SettingsOptions {
  /** Settings as `NAME=VALUE`. */
  readonly set?: readonly string[];
  /** File with a JSON object of settings; `-`: standard input. */
  readonly settings?: string;
}

/** Returns the settings that the options give. The server checks them. */
export async function readSettings({
  set = [],
  settings,
}: SettingsOptions): Promise<Readonly<Record<string, unknown>>> {
  const fromFile = settings === undefined ? {} : await readObject(settings);
  return { ...fromFile, ...Object.fromEntries(set.map((text) => parseSetting(text))) };
}

/** Returns the text of a file, or of standard input for `-`. */
export async function readText(path: string): Promise<string> {
  if (path === "-") return readStandardInput();
  try {
    return await readFile(path, "utf8");
  } catch {
    throw new CommandFailure(`Cannot read ${path}.`);
  }
}

async function readObject(path: string): Promise<Readonly<Record<string, unknown>>> {
  const value = parseJson(await readText(path));
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new CommandFailure(`Expected a JSON object of settings in ${path === "-" ? "standard input" : path}.`);
}

/** A value that is no JSON is text. */
function parseSetting(text: string): readonly [name: string, value: unknown] {
  const end = text.indexOf("=");
  if (end < 1) throw new WrongUsage("--set needs NAME=VALUE, such as maxConnections=500");
  const value = text.slice(end + 1);
  return [text.slice(0, end), parseJson(value) ?? (value === "null" ? null : value)];
}

/** Returns the value of a JSON text; undefined if it is none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
