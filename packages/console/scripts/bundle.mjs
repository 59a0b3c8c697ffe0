// Builds the console into static files: packages/console/dist/page.
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(folder, "dist/page");

// The files are replaced one by one: a server that runs meanwhile goes on to serve all of them.
await cp(join(folder, "public"), out, { recursive: true, filter: (path) => basename(path) !== "index.html" });
const { metafile } = await build({
  absWorkingDir: folder,
  entryPoints: [
    { in: "src/main.tsx", out: "console" },
    { in: "src/style.css", out: "console" },
  ],
  outdir: out,
  // The name says what is in the file, so that browsers keep it and ask for it only once.
  entryNames: "[name]-[hash]",
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

const outputs = Object.entries(metafile.outputs).map(([path, output]) => ({ ...output, path, name: basename(path) }));
await writeFile(join(out, "index.html"), pageWith(await readFile(join(folder, "public/index.html"), "utf8")));
const wanted = new Set([...(await readdir(join(folder, "public"))), ...outputs.map(({ name }) => name)]);
for (const name of await readdir(out)) if (!wanted.has(name)) await rm(join(out, name), { recursive: true });

/** The page with the names of the files. Those that the script imports load with it, instead of after it. */
function pageWith(html) {
  const [script, style] = ["src/main.tsx", "src/style.css"].map((entry) =>
    outputs.find(({ entryPoint }) => entryPoint === entry),
  );
  const imported = script.imports.filter(({ kind }) => kind === "import-statement").map(({ path }) => basename(path));
  const preloads = imported.map((name) => `<link rel="modulepreload" href="/console/assets/${name}" />`);
  return html
    .replace("console.css", style.name)
    .replace("console.js", script.name)
    .replace("</title>", ["</title>", ...preloads].join("\n    "));
}
