// Builds the console into static files: packages/console/dist/page.
import { cp, readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(folder, "dist/page");

// The files are replaced one by one: a server that runs meanwhile goes on to serve all of them.
await cp(join(folder, "public"), out, { recursive: true });
const { metafile } = await build({
  absWorkingDir: folder,
  entryPoints: [
    { in: "src/main.tsx", out: "console" },
    { in: "src/style.css", out: "console" },
  ],
  outdir: out,
  bundle: true,
  splitting: true,
  metafile: true,
  minify: true,
  sourcemap: false,
  format: "esm",
  target: "es2022",
  conditions: ["@sealcast/source"],
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
});

const built = Object.keys(metafile.outputs).map((path) => basename(path));
const wanted = new Set([...(await readdir(join(folder, "public"))), ...built]);
for (const name of await readdir(out)) if (!wanted.has(name)) await rm(join(out, name), { recursive: true });
