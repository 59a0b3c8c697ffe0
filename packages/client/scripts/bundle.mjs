// Bundles the whole client, cipher and fallbacks included:
// - into one file for a script tag, which sets the globals `Pusher` and `sealcast` (all that the main entry exports);
// - into one ES module per entry, for what cannot load parts later: service workers, and bundlers that cannot split workers.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const pathOf = (path) => fileURLToPath(new URL(path, import.meta.url));
const [outfile = pathOf("../dist/sealcast.min.js")] = process.argv.slice(2);

const common = {
  conditions: ["@sealcast/source"],
  platform: "browser",
  target: "es2022",
  bundle: true,
  // The cipher's license wants its notice kept.
  legalComments: "inline",
};

await build({
  ...common,
  stdin: {
    contents: `
      import * as sealcast from "./index.ts";
      import { Pusher } from "./compat/pusher-js.ts";
      Object.assign(globalThis, { Pusher, sealcast });
    `,
    resolveDir: pathOf("../src"),
  },
  format: "iife",
  minify: true,
  outfile,
});

await build({
  ...common,
  entryPoints: { sealcast: pathOf("../src/index.ts"), "pusher-js": pathOf("../src/compat/pusher-js.ts") },
  format: "esm",
  outdir: pathOf("../dist/bundles"),
});
