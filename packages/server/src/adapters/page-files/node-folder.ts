import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { PageFile, PageFiles } from "../../ports/page-files.ts";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/**
 * Reads the files of one folder into memory. Files of other types than HTML, JavaScript, CSS and SVG are left out.
 *
 * @throws if the folder cannot be read.
 */
export async function readPageFolder(folder: string): Promise<PageFiles> {
  const files = new Map<string, PageFile>();
  for (const name of await readdir(folder)) {
    const type = types[extname(name)];
    if (type === undefined) continue;
    const bytes = await readFile(join(folder, name));
    const etag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
    files.set(name, { type, bytes, gzip: await promisify(gzip)(bytes, { level: 9 }), etag });
  }
  return { find: (name) => files.get(name) };
}
