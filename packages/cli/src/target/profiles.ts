import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { CommandFailure } from "../command-failure.ts";

/** URLs of apps by the name of their profile. */
export type Profiles = ReadonlyMap<string, string>;

/** Returns the path of the file of profiles: below `$XDG_CONFIG_HOME`, else below `~/.config`. */
function profilesPath(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment["XDG_CONFIG_HOME"] || join(homedir(), ".config"), "sealcast", "profiles.json");
}

/** Reads all profiles; none if there is no file. */
export async function readProfiles(path: string = profilesPath()): Promise<Profiles> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return new Map();
    throw new CommandFailure(`Cannot read the profiles in ${path}.`);
  }
  const profiles = parseProfiles(text);
  if (profiles === undefined) throw new CommandFailure(`Expected a JSON object of names and URLs in ${path}.`);
  return profiles;
}

/** Writes all profiles to a file that only its owner can read. */
export async function writeProfiles(profiles: Profiles, path: string = profilesPath()): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(Object.fromEntries(profiles), undefined, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
}

function parseProfiles(text: string): Profiles | undefined {
  try {
    const entries = Object.entries(JSON.parse(text) as object);
    return entries.every(([, url]) => typeof url === "string") ? new Map(entries) : undefined;
  } catch {
    return undefined;
  }
}
