// Builds the console into static files: packages/console/dist/page.
import { cp, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(folder, "dist/page");

// The files are replaced one by one: a server that runs meanwhile goes on to serve all of them.
await cp(join(folder, "public"), out, { recursive: true });
await build({
  absWorkingDir: folder,
  entryPoints: [
    { in: "src/main.tsx", out: "console" },
    { in: "src/style.css", out: "console" },
  ],
  outdir: out,
  bundle: true,
  minify: true,
  sourcemap: false,
  format: "esm",
  target: "es2022",
  conditions: ["@sealcast/source"],
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
});

const wanted = new Set([...(await readdir(join(folder, "public"))), "console.js", "console.css"]);
for (const name of await readdir(out)) if (!wanted.has(name)) await rm(join(out, name), { recursive: true });
