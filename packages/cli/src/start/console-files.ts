import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The page of the console, or undefined if its package is not installed or not built. */
export function consoleFiles(): { readonly folder: string; readonly version: string } | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve("@sealcast/console/package.json");
    const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
    const folder = join(dirname(manifest), "dist/page");
    return existsSync(folder) ? { folder, version } : undefined;
  } catch {
    return undefined;
  }
}
