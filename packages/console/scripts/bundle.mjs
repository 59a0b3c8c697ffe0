// Builds the console into static files: packages/console/dist/page.
import { cp, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(folder, "dist/page");

await rm(out, { recursive: true, force: true });
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
