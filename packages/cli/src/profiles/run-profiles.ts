import { CommandFailure } from "../command-failure.ts";
import { printResult, table } from "../output.ts";
import { readStandardInput } from "../read-input.ts";
import { parseAppUrl } from "../target/app-url.ts";
import { readProfiles, writeProfiles } from "../target/profiles.ts";

/** Stores a profile. Its URL comes from standard input, because arguments are visible to other users of the machine. */
export async function addProfile(name: string): Promise<void> {
  if (process.stdin.isTTY) process.stderr.write("URL of the app (https://KEY:SECRET@HOST/apps/ID), then Ctrl-D: ");
  const url = (await readStandardInput()).trim();
  parseAppUrl(url, "Standard input");
  await writeProfiles(new Map([...(await readProfiles()), [name, url]]));
  process.stderr.write(`Stored the profile ${name}.\n`);
}

/** Prints all profiles without keys and secrets. */
export async function listProfiles({ json }: { readonly json?: boolean }): Promise<void> {
  const profiles = [...(await readProfiles())].map(([name, text]) => {
    const { httpUrl, appId } = parseAppUrl(text, `The profile ${name}`);
    return { name, url: httpUrl, app: appId };
  });
  const rows = profiles.map(({ name, url, app }) => [name, url, app]);
  printResult(json, profiles, () =>
    rows.length === 0 ? "There are no profiles.\n" : table(["NAME", "URL", "APP"], rows),
  );
}

/** Deletes a profile. */
export async function removeProfile(name: string): Promise<void> {
  const profiles = new Map(await readProfiles());
  if (!profiles.delete(name)) throw new CommandFailure(`There is no profile ${JSON.stringify(name)}.`);
  await writeProfiles(profiles);
  process.stderr.write(`Removed the profile ${name}.\n`);
}
