// Bundles the client as a page gets it, minified and compressed, and compares it with its budgets.
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { root } from "./prepare.mjs";

/** What a page loads, and how many kilobytes (1,000 bytes) that may be. pusher-js 8.6 has 17.9, with encryption 28.8. */
const budgets = [
  { name: "@sealcast/client", entry: "index", budget: 9 },
  { name: "@sealcast/client, with an encrypted channel", entry: "index", later: "encryption/index", budget: 15 },
  { name: "@sealcast/client/pusher-js", entry: "compat/pusher-js", budget: 9 },
  {
    name: "@sealcast/client/pusher-js, with an encrypted channel",
    entry: "compat/pusher-js",
    later: "encryption/index",
    budget: 15,
  },
];

let over = 0;
for (const { name, entry, later, budget } of budgets) {
  const size = (await loadedBytes(entry, later)) / 1_000;
  if (size > budget) over += 1;
  console.log(`${size > budget ? "TOO BIG" : "ok     "}  ${name}: ${size.toFixed(1)} KB of ${budget}`);
}
process.exit(over === 0 ? 0 : 1);

/** Compressed bytes of what an entry loads at once, and of what it loads later where that is named. */
async function loadedBytes(entry, later) {
  const { metafile, outputFiles } = await build({
    entryPoints: [join(root, "packages/client/dist", `${entry}.js`)],
    absWorkingDir: root,
    outdir: "out",
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
  });
  const outputs = new Map(Object.entries(metafile.outputs));
  const loaded = new Set();
  const load = (path) => {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const { path: next, kind } of outputs.get(path).imports) if (kind === "import-statement") load(next);
  };
  for (const part of later === undefined ? [entry] : [entry, later]) {
    const [path] = [...outputs].find(([, { entryPoint = "" }]) => entryPoint.endsWith(`/dist/${part}.js`)) ?? [];
    if (path === undefined) throw new Error(`${entry} does not load ${part}`);
    load(path);
  }
  const files = outputFiles.filter(({ path }) => loaded.has(path.slice(root.length + 1)));
  return files.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0);
}
